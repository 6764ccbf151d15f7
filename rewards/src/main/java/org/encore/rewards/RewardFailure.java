package org.encore.rewards;

/** A reward broke its contract; the one-line message names it. */
public final class RewardFailure extends RuntimeException {
    private static final String PREFIX = "reward ";

    private final String id;

    /**
     * A failure with a description.
     *
     * @param id the reward's id
     * @param problem description that completes the sentence "reward id …"
     */
    public RewardFailure(String id, String problem) {
        super(PREFIX + id + " " + problem);
        this.id = id;
    }

    /** A failure with the exception that the reward threw. */
    public RewardFailure(String id, Throwable cause) {
        super(PREFIX + id + " failed: " + firstLine(cause), cause);
        this.id = id;
    }

    /** What happened, without the name of the reward. */
    public String problem() {
        return getMessage().substring(PREFIX.length() + id.length() + 1);
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
