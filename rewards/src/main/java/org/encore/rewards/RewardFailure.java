package org.encore.rewards;

/** A reward that broke its contract; the message names it in one line. */
public final class RewardFailure extends RuntimeException {
    private final String id;

    /**
     * Names the reward and what it did.
     *
     * @param id the reward's id
     * @param problem what it did, as the end of a sentence that begins with the reward
     */
    public RewardFailure(String id, String problem) {
        super("reward " + id + " " + problem);
        this.id = id;
    }

    /** Names the reward and what it threw. */
    public RewardFailure(String id, Throwable cause) {
        super("reward " + id + " failed: " + firstLine(cause), cause);
        this.id = id;
    }

    /** Which reward failed. */
    public String id() {
        return id;
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse(cause.getClass().getSimpleName());
    }
}
