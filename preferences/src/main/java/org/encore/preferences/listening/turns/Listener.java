package org.encore.preferences.listening.turns;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A listener while the server runs: the open turn and the judged pairs.
 *
 * <p>Callers must hold its monitor.
 */
public final class Listener {
    private final String token;
    private final long raterId;
    private final RateLimit voteRate;
    private final Set<Long> judged;
    private Turn turn;
    private Turn lastTurn;

    /**
     * Creates a listener.
     *
     * @param token secret of the browser's cookie
     * @param raterId number in the store
     * @param judged numbers of the pairs that the listener has judged before
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

    /** Numbers of the judged or skipped pairs. */
    public Set<Long> judged() {
        return judged;
    }

    /** The open turn, if there is one. */
    public Optional<Turn> turn() {
        return Optional.ofNullable(turn);
    }

    /** The turn with this id: the open one, or the last judged one, whose vote may be repeated. */
    public Optional<Turn> turn(String id) {
        if (turn != null && turn.id().equals(id)) {
            return Optional.of(turn);
        }
        return Optional.ofNullable(lastTurn).filter(last -> last.id().equals(id));
    }

    /** Opens a turn. */
    public void begin(Turn next) {
        turn = next;
    }

    /** Closes the open turn after its vote was stored. */
    public void end() {
        judged.add(turn.card().pair().id());
        lastTurn = turn;
        turn = null;
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
