package org.encore.preferences.listening.turns;

/**
 * A token bucket: lets a number of events a minute through, all at once or evenly, but not more in the long run.
 *
 * <p>Safe to use from several threads.
 */
public final class RateLimit {
    private static final double MINUTE_MILLIS = 60_000.0;

    private final int perMinute;
    private double left;
    private long lastMillis;

    /**
     * Begins with a full minute's worth.
     *
     * @param perMinute at least 1
     */
    public RateLimit(int perMinute, long nowMillis) {
        this.perMinute = perMinute;
        this.left = perMinute;
        this.lastMillis = nowMillis;
    }

    /** Takes one event, if there is one left. */
    public synchronized boolean allows(long nowMillis) {
        left = Math.min(perMinute, left + Math.max(0, nowMillis - lastMillis) * perMinute / MINUTE_MILLIS);
        lastMillis = Math.max(lastMillis, nowMillis);
        if (left < 1.0) {
            return false;
        }
        left -= 1.0;
        return true;
    }

    /** Whole seconds until the next event is let through, at least 1. */
    public synchronized long waitSeconds() {
        return Math.max(1, (long) Math.ceil((1.0 - left) * MINUTE_MILLIS / perMinute / 1000.0));
    }
}
