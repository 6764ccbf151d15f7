package org.encore.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.web.RateLimits.RateLimit;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
    /** Six a minute: six at once, then one every ten seconds, and never more than six in store. */
    @Test
    void letsThroughSoManyAMinute() {
        RateLimit limit = new RateLimit(6, 0);
        for (int i = 0; i < 6; i++) {
            assertTrue(limit.allows(0));
        }
        assertFalse(limit.allows(0));
        assertEquals(10, limit.waitSeconds());
        assertFalse(limit.allows(9_999));
        assertTrue(limit.allows(10_000));
        assertFalse(limit.allows(10_000));
        for (int i = 0; i < 6; i++) {
            assertTrue(limit.allows(3_600_000));
        }
        assertFalse(limit.allows(3_600_000));
    }

    @Test
    void aClockThatGoesBackGivesNothingAway() {
        RateLimit limit = new RateLimit(1, 60_000);
        assertTrue(limit.allows(60_000));
        assertFalse(limit.allows(0));
        assertFalse(limit.allows(60_000));
    }
}
