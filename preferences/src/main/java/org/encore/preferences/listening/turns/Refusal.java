package org.encore.preferences.listening.turns;

/** Tells a page why it does not get what it asked for; nothing was changed or recorded. */
public final class Refusal extends RuntimeException {
    private final Reason reason;
    private final long waitSeconds;

    /** Why. */
    public enum Reason {
        /** What was sent is not what the page sends. */
        MALFORMED,
        /** Who asks is not known. */
        UNKNOWN_LISTENER,
        /** There is no such thing, or not for who asks. */
        NOT_FOUND,
        /** It is too early for that. */
        TOO_EARLY,
        /** The pair is not before this listener any more. */
        CLOSED,
        /** Too many requests, for now. */
        TOO_MANY,
        /** There is no room for another listener. */
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

    /** Too many requests; the next one is accepted after this number of seconds. */
    public static Refusal tooMany(long waitSeconds) {
        return new Refusal(Reason.TOO_MANY, "that was too fast: go on in " + waitSeconds + " s", waitSeconds);
    }

    /** Of a reason, with a text that the listener reads. */
    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, 0);
    }

    public Reason reason() {
        return reason;
    }

    /** Seconds until it makes sense to ask again; 0 if it never does. */
    public long waitSeconds() {
        return waitSeconds;
    }
}
