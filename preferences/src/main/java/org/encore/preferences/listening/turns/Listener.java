package org.encore.preferences.listening.turns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.encore.preferences.Preference;
import org.encore.web.RateLimits.RateLimit;

/**
 * A listener while the server runs: the open turn and the judged pairs.
 *
 * <p>Callers must hold its monitor.
 */
public final class Listener {
    private final String token;
    private final long raterId;
    private final RateLimit voteRate;
    private final Map<Long, Preference> judged;
    private Turn turn;
    private Turn lastTurn;

    /** The number of the last vote, as long as it can be taken back. */
    private OptionalLong lastJudgement = OptionalLong.empty();

    /**
     * Creates a listener.
     *
     * @param token secret of the browser's cookie
     * @param raterId number in the store
     * @param judged the pairs that the listener has judged or skipped before, by their numbers
     */
    public Listener(String token, long raterId, Map<Long, Preference> judged, RateLimit voteRate) {
        this.token = token;
        this.raterId = raterId;
        this.judged = new LinkedHashMap<>(judged);
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
        return judged.keySet();
    }

    /** How many of them were skipped. */
    public int skipped() {
        return (int) judged.values().stream()
                .filter(preferred -> preferred == Preference.SKIP)
                .count();
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

    /**
     * Closes the open turn after its vote was stored.
     *
     * @param judgementId number of the vote
     */
    public void end(Preference preferred, long judgementId) {
        judged.put(turn.card().pair().id(), preferred);
        lastTurn = turn;
        lastJudgement = OptionalLong.of(judgementId);
        turn = null;
    }

    /** The number of the last vote; empty if there is none that can be taken back. */
    public OptionalLong lastJudgement() {
        return lastJudgement;
    }

    /** Opens the pair of the last vote again, after it was taken back: with new ids, and what was heard. */
    public Turn reopen() {
        judged.remove(lastTurn.card().pair().id());
        turn = lastTurn.again();
        lastTurn = null;
        lastJudgement = OptionalLong.empty();
        return turn;
    }
}
