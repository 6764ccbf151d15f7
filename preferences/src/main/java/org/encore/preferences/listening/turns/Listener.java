package org.encore.preferences.listening.turns;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A listener, as long as the server runs: the turn before them and what they have judged.
 *
 * <p>Whoever uses one holds its monitor.
 */
public final class Listener {
    private final String token;
    private final long raterId;
    private final RateLimit voteRate;
    private final Set<Long> judged;
    private Turn turn;
    private Turn lastTurn;

    /**
     * Takes up a listener.
     *
     * @param token the secret that their browser shows
     * @param raterId their number in the store
     * @param judged numbers of the pairs that they have judged before
     */
    public Listener(String token, long raterId, Set<Long> judged, RateLimit voteRate) {
        this.token = token;
        this.raterId = raterId;
        this.judged = new LinkedHashSet<>(judged);
        this.voteRate = voteRate;
    }

    public String token() {
        return token;
    }

    public long raterId() {
        return raterId;
    }

    public RateLimit voteRate() {
        return voteRate;
    }

    /** Numbers of the pairs that were judged or skipped. */
    public Set<Long> judged() {
        return judged;
    }

    /** The pair before the listener, if there is one. */
    public Optional<Turn> turn() {
        return Optional.ofNullable(turn);
    }

    /** The turn of this name: the one before the listener, or the one they judged last, whose vote may come again. */
    public Optional<Turn> turn(String id) {
        if (turn != null && turn.id().equals(id)) {
            return Optional.of(turn);
        }
        return Optional.ofNullable(lastTurn).filter(last -> last.id().equals(id));
    }

    /** Lays a pair before the listener. */
    public void begin(Turn next) {
        turn = next;
    }

    /** The vote on the pair before the listener is on the disk. */
    public void end() {
        judged.add(turn.card().pair().id());
        lastTurn = turn;
        turn = null;
    }

    /**
     * A token bucket: lets a number of events a minute through, all at once or evenly, but not more in the long run.
     *
     * <p>Safe to use from several threads.
     */
    public static final class RateLimit {
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
}
