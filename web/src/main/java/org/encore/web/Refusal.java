package org.encore.web;

/** A refused request of a page; nothing was changed or recorded. */
public final class Refusal extends RuntimeException {
    private final Reason reason;
    private final long waitSeconds;

    /** The reason. */
    public enum Reason {
        /** The request is malformed. */
        MALFORMED,
        /** The client has not joined, or shows a wrong token. */
        UNKNOWN_CLIENT,
        /** It does not exist, or not for this client. */
        NOT_FOUND,
        /** Something has to happen first. */
        TOO_EARLY,
        /** It was there, and is over. */
        CLOSED,
        /** The rate is exceeded. */
        TOO_MANY,
        /** There is no room for more. */
        FULL
    }

    private Refusal(Reason reason, String message, long waitSeconds) {
        super(message);
        this.reason = reason;
        this.waitSeconds = waitSeconds;
    }

    /** A refusal of a request that no page of ours sends. */
    public static Refusal malformed(String message) {
        return of(Reason.MALFORMED, message);
    }

    /** A refusal of a request that exceeds the rate; the next one is accepted after {@code waitSeconds}. */
    public static Refusal tooMany(long waitSeconds) {
        return new Refusal(Reason.TOO_MANY, "that was too fast: go on in " + waitSeconds + " s", waitSeconds);
    }

    /** A refusal with a text for whoever uses the page. */
    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, 0);
    }

    /** The reason. */
    public Reason reason() {
        return reason;
    }

    /** Seconds until the request may be repeated; 0 if it may not. */
    public long waitSeconds() {
        return waitSeconds;
    }
}
