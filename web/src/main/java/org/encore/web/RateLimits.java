package org.encore.web;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** One rate limit per client; the least recently used are dropped first. Thread-safe. */
public final class RateLimits {
    private static final int MOST = 20_000;

    private final int perMinute;
    private final Clock clock;
    private final Map<String, RateLimit> limits = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RateLimit> eldest) {
            return size() > MOST;
        }
    };

    /** So many a minute for each client; the clock is one of tests, or the system's. */
    public RateLimits(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /**
     * Counts a request.
     *
     * @throws Refusal if it exceeds the rate
     */
    public void count(String who) {
        RateLimit limit;
        synchronized (limits) {
            limit = limits.computeIfAbsent(who, unused -> new RateLimit(perMinute, clock.millis()));
        }
        if (!limit.allows(clock.millis())) {
            throw Refusal.tooMany(limit.waitSeconds());
        }
    }

    /**
     * A token bucket: allows a number of events per minute on average, and as many at once.
     *
     * <p>Thread-safe.
     */
    public static final class RateLimit {
        private static final double MINUTE_MILLIS = 60_000.0;

        private final int perMinute;
        private double left;
        private long lastMillis;

        /**
         * Starts with a full bucket.
         *
         * @param perMinute at least 1
         */
        public RateLimit(int perMinute, long nowMillis) {
            this.perMinute = perMinute;
            this.left = perMinute;
            this.lastMillis = nowMillis;
        }

        /** Takes one event from the bucket; false if it is empty. */
        public synchronized boolean allows(long nowMillis) {
            left = Math.min(perMinute, left + Math.max(0, nowMillis - lastMillis) * perMinute / MINUTE_MILLIS);
            lastMillis = Math.max(lastMillis, nowMillis);
            if (left < 1.0) {
                return false;
            }
            left -= 1.0;
            return true;
        }

        /** Seconds until the next event is allowed, rounded up, at least 1. */
        public synchronized long waitSeconds() {
            return Math.max(1, (long) Math.ceil((1.0 - left) * MINUTE_MILLIS / perMinute / 1000.0));
        }
    }
}
