package org.encore.rewards;

/** A reward broke its contract; the one-line message names it. */
public final class RewardFailure extends RuntimeException {
    private final String id;

    /**
     * A failure with a description.
     *
     * @param id the reward's id
     * @param problem description that completes the sentence "reward id …"
     */
    public RewardFailure(String id, String problem) {
        super("reward " + id + " " + problem);
        this.id = id;
    }

    /** A failure with the exception that the reward threw. */
    public RewardFailure(String id, Throwable cause) {
        super("reward " + id + " failed: " + firstLine(cause), cause);
        this.id = id;
    }

    /** The id of the reward. */
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
