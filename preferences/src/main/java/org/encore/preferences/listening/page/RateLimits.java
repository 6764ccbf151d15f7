package org.encore.preferences.listening.page;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.preferences.listening.turns.RateLimit;
import org.encore.preferences.listening.turns.Refusal;

/** One rate limit for each of those who ask; those who asked least recently are forgotten first. */
final class RateLimits {
    private static final int MOST = 20_000;

    private final int perMinute;
    private final Clock clock;
    private final Map<String, RateLimit> limits = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RateLimit> eldest) {
            return size() > MOST;
        }
    };

    RateLimits(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /**
     * Counts a request.
     *
     * @throws Refusal if that was one too many
     */
    void count(String who) {
        RateLimit limit;
        synchronized (limits) {
            limit = limits.computeIfAbsent(who, unused -> new RateLimit(perMinute, clock.millis()));
        }
        if (!limit.allows(clock.millis())) {
            throw Refusal.tooMany(limit.waitSeconds());
        }
    }
}
