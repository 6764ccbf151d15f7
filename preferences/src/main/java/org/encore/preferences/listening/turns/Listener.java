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
}
