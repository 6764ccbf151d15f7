package org.encore.preferences.listening.turns;

/** A refused request of a page; nothing was changed or recorded. */
public final class Refusal extends RuntimeException {
    private final Reason reason;
    private final long waitSeconds;

    /** The reason. */
    public enum Reason {
        /** The request is malformed. */
        MALFORMED,
        /** The client has not joined. */
        UNKNOWN_LISTENER,
        /** It does not exist, or not for this client. */
        NOT_FOUND,
        /** The clips have not been heard long enough. */
        TOO_EARLY,
        /** The turn is closed. */
        CLOSED,
        /** The rate is exceeded. */
        TOO_MANY,
        /** The limit of listeners is reached. */
        FULL
    }

    private Refusal(Reason reason, String message, long waitSeconds) {
        super(message);
        this.reason = reason;
        this.waitSeconds = waitSeconds;
    }

    public static Refusal malformed(String message) {
        return of(Reason.MALFORMED, message);
    }

    /** A refusal of a request that exceeds the rate; the next one is accepted after {@code waitSeconds}. */
    public static Refusal tooMany(long waitSeconds) {
        return new Refusal(Reason.TOO_MANY, "that was too fast: go on in " + waitSeconds + " s", waitSeconds);
    }

    /** A refusal with a text for the listener. */
    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, 0);
    }

    public Reason reason() {
        return reason;
    }

    /** Seconds until the request may be repeated; 0 if it may not. */
    public long waitSeconds() {
        return waitSeconds;
    }
}
