package org.encore.preferences.listening;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.preferences.listening.clips.Recordings;
import org.encore.preferences.listening.clips.Recordings.Recording;
import org.encore.preferences.listening.clips.TakeFolder.Take;
import org.encore.preferences.listening.clips.TakeFolder.TakePair;
import org.encore.preferences.listening.turns.Deck;
import org.encore.preferences.listening.turns.Deck.Card;
import org.encore.preferences.listening.turns.Deck.Dealt;
import org.encore.preferences.listening.turns.Listener;
import org.encore.preferences.listening.turns.Turn;
import org.encore.preferences.listening.turns.Turn.Choice;
import org.encore.preferences.listening.turns.Turn.Decision;
import org.encore.preferences.store.Ballot;
import org.encore.preferences.store.Ballot.Receipt;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.ClipFile;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.Session;
import org.encore.web.RateLimits.RateLimit;
import org.encore.web.Refusal;
import org.encore.web.Refusal.Reason;
import org.encore.web.Secrets;

/**
 * The course of a listening test: listeners join, receive pairs, listen and vote.
 *
 * <p>Thread-safe.
 */
public final class ListeningTest {
    private static final Logger LOGGER = LogManager.getLogger(ListeningTest.class);
    private static final int KEPT_RECORDINGS = 64;

    private final ListeningSettings settings;
    private final PreferenceStore store;
    private final Clock clock;
    private final Session session;
    private final Deck deck;
    private final Recordings recordings;
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final AtomicInteger votesGiven = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean allLaidOut;

    /** Opens or continues the session of the settings, without pairs. */
    public ListeningTest(ListeningSettings settings, PreferenceStore store, Clock clock) throws IOException {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.session = store.session(settings.session());
        this.deck = new Deck(settings.seed(), settings.rules().votesPerPair());
        this.recordings = new Recordings(
                settings.rules().longestSeconds(), settings.rules().loudness(), KEPT_RECORDINGS);
    }

    /** The progress of a listener. */
    public enum State {
        /** A pair is open. */
        PAIR,
        /** More pairs will follow when their clips are generated. */
        WAITING,
        /** No pairs are left. */
        DONE
    }

    /**
     * The progress of a listener.
     *
     * @param judged number of pairs that the listener has judged in this session
     * @param skipped number of pairs that they have skipped
     * @param remaining number of pairs that can still come, the open one included
     * @param turn the open pair
     */
    public record Standing(State state, int judged, int skipped, int remaining, Optional<Turn> turn) {}

    /** Adds pairs; those that are already in the session keep their votes. */
    public void add(List<TakePair> pairings) throws IOException {
        Map<Long, Card> cards = new LinkedHashMap<>();
        store.inOneTransaction(() -> {
            for (TakePair each : pairings) {
                Card card = new Card(store.pair(session, each.prompt(), clip(each.a()), clip(each.b())), each.match());
                cards.put(card.pair().id(), card);
            }
        });
        Map<Long, Integer> votes = store.judgementCounts(session);
        cards.forEach((id, card) -> deck.add(card, votes.getOrDefault(id, 0)));
    }

    /** Marks that all pairs were added, so that a listener who has judged all of them is done. */
    public void allLaidOut() {
        allLaidOut = true;
    }

    /** The listener with a token, if {@link #join} has issued it, in this or an earlier run of the server. */
    public Optional<Listener> listener(String token) throws IOException {
        synchronized (listeners) {
            Listener known = listeners.get(token);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<Long> rater = store.knownRater(token);
        return rater.isPresent() ? Optional.of(takenUp(token, rater.get())) : Optional.empty();
    }

    /**
     * Adds a new listener, and stores them.
     *
     * @throws Refusal if the limit of listeners is reached
     */
    public Listener join() throws IOException {
        requireRoom();
        String token = Secrets.fresh();
        return takenUp(token, store.rater(token));
    }

    private void requireRoom() {
        synchronized (listeners) {
            if (listeners.size() >= settings.server().limits().listeners()) {
                throw Refusal.of(Reason.FULL, "this listening test has as many listeners as it can take");
            }
        }
    }

    private Listener takenUp(String token, long rater) throws IOException {
        RateLimit rate = new RateLimit(settings.server().limits().votesPerMinute(), clock.millis());
        Listener fresh = new Listener(token, rater, store.pairsJudgedBy(rater, session), rate);
        synchronized (listeners) {
            if (!listeners.containsKey(token)) {
                requireRoom();
                listeners.put(token, fresh);
            }
            return listeners.get(token);
        }
    }

    public boolean isAllLaidOut() {
        return allLaidOut;
    }

    /** The progress of a listener; deals the next pair if none is open. */
    public Standing standing(Listener listener) {
        synchronized (listener) {
            boolean complete = allLaidOut; // asked before dealing: the last pairs may come in between
            Optional<Turn> turn = listener.turn().or(() -> next(listener));
            Set<Long> seen = new LinkedHashSet<>(listener.judged());
            turn.ifPresent(open -> seen.add(open.card().pair().id()));
            int later = deck.open(seen, clock.millis());
            int skipped = listener.skipped();
            int judged = listener.judged().size() - skipped;
            if (turn.isPresent()) {
                return new Standing(State.PAIR, judged, skipped, 1 + later, turn);
            }
            return new Standing(complete ? State.DONE : State.WAITING, judged, skipped, later, turn);
        }
    }

    private Optional<Turn> next(Listener listener) {
        for (; ; ) {
            Optional<Dealt> dealt = deck.deal(listener.raterId(), listener.judged(), clock.millis());
            if (dealt.isEmpty()) {
                return Optional.empty();
            }
            try {
                Turn turn = turn(dealt.get());
                listener.begin(turn);
                return Optional.of(turn);
            } catch (IOException | RuntimeException e) {
                // A file that was removed or damaged since the start must not stop the test.
                LOGGER.warn("left out pair {}: {}", dealt.get().card().pair().id(), e.getMessage());
                deck.remove(dealt.get().card());
            }
        }
    }

    private Turn turn(Dealt dealt) throws IOException {
        List<Recording> pair = recordings.pair(
                dealt.card().pair().a().path(), dealt.card().pair().b().path());
        boolean straight = dealt.shownFirst() == Shown.A;
        return new Turn(
                dealt.card(),
                dealt.shownFirst(),
                List.of(pair.get(straight ? 0 : 1), pair.get(straight ? 1 : 0)),
                settings.rules().leastSeconds());
    }

    /**
     * The turn of a listener that has a clip.
     *
     * @throws Refusal if the clip is not part of an open turn of this listener
     */
    public Turn turnWith(Listener listener, String clipId) {
        synchronized (listener) {
            return listener.turn()
                    .filter(turn -> turn.side(clipId).isPresent())
                    .orElseThrow(() -> Refusal.of(Reason.NOT_FOUND, "there is no such clip"));
        }
    }

    /** Records that the server has sent bytes of a clip. */
    public void delivered(Listener listener, Turn turn, int side, ByteSpan span) {
        synchronized (listener) {
            turn.listening().delivered(side, span.from(), span.to(), clock.millis());
        }
    }

    /**
     * A range of a clip's bytes.
     *
     * @param from the first byte
     * @param to the byte after the last
     */
    public record ByteSpan(int from, int to) {}

    /**
     * Records how many seconds of a clip a page reports as played.
     *
     * @return the turn with its updated listening time
     * @throws Refusal if the clip is not part of an open turn of this listener, or {@code seconds} is invalid
     */
    public Turn heard(Listener listener, String clipId, double seconds) {
        synchronized (listener) {
            Turn turn = turnWith(listener, clipId);
            OptionalInt side = turn.side(clipId);
            turn.listening().reported(side.orElseThrow(), seconds, clock.millis());
            return turn;
        }
    }

    /**
     * Records a vote.
     *
     * @return the acknowledgement of the store; repeating the last vote adds nothing
     * @throws Refusal if the turn is not this listener's, not enough was heard, or it was too fast
     * @throws IOException if the store could not record it; the pair stays open
     */
    public Receipt vote(Listener listener, String turnId, Decision decision) throws IOException {
        synchronized (listener) {
            Turn turn = listener.turn(turnId)
                    .orElseThrow(() -> Refusal.of(Reason.CLOSED, "this pair is not before you any more"));
            boolean repeated = listener.turn().filter(open -> open == turn).isEmpty();
            if (!repeated) {
                requireOpen(listener, turn, decision);
            }
            Receipt receipt = record(listener, turn, decision, repeated);
            if (!repeated) {
                listener.end(turn.opinion(decision).preferred(), receipt.judgementId());
                deck.judged(turn.card());
                votesGiven.incrementAndGet();
                changes.incrementAndGet();
            }
            return receipt;
        }
    }

    /**
     * Takes the last vote or skip of a listener back and opens its pair again. The pair that was open since goes back.
     *
     * @throws Refusal if there is no vote since the start of the server, or it was taken back already
     * @throws IOException if the store could not record it; the vote then stands
     */
    public void undo(Listener listener) throws IOException {
        synchronized (listener) {
            long judgement = listener.lastJudgement()
                    .orElseThrow(() -> Refusal.of(Reason.CLOSED, "there is no vote that could be taken back"));
            store.withdraw(judgement);
            listener.turn().ifPresent(open -> deck.putBack(open.card()));
            deck.reopened(listener.reopen().card(), clock.millis());
            votesGiven.decrementAndGet();
            changes.incrementAndGet();
        }
    }

    /** Whether a listener must still see the instructions: they have neither begun nor judged anything. */
    public boolean isNew(Listener listener) throws IOException {
        synchronized (listener) {
            return listener.judged().isEmpty() && !store.hasBegun(listener.raterId(), session);
        }
    }

    /**
     * Records that a listener has read the instructions and begins.
     *
     * @param consents whether they consent to the text of the page
     * @param headphones whether they passed the check of headphones; empty if there was none
     * @throws Refusal if there is a text, and they do not consent
     */
    public void begin(Listener listener, boolean consents, Optional<Boolean> headphones) throws IOException {
        String consent = settings.page().consent();
        if (!consent.isEmpty() && !consents) {
            throw Refusal.of(Reason.TOO_EARLY, "consent is needed to take part");
        }
        store.begin(
                listener.raterId(), session, consent.isEmpty() ? Optional.empty() : Optional.of(consent), headphones);
    }

    /**
     * Requires consent where the page has a text for it.
     *
     * @throws Refusal if the listener has not consented
     */
    public void requireConsent(Listener listener) throws IOException {
        if (!settings.page().consent().isEmpty() && !store.hasBegun(listener.raterId(), session)) {
            throw Refusal.of(Reason.TOO_EARLY, "read the instructions and consent first; load the page again");
        }
    }

    private void requireOpen(Listener listener, Turn turn, Decision decision) {
        if (decision.choice() != Choice.SKIP && !turn.listening().isEnough()) {
            throw Refusal.of(Reason.TOO_EARLY, "listen to both clips before you choose");
        }
        if (!listener.voteRate().allows(clock.millis())) {
            throw Refusal.tooMany(listener.voteRate().waitSeconds());
        }
    }

    private Receipt record(Listener listener, Turn turn, Decision decision, boolean repeated) throws IOException {
        Ballot ballot = new Ballot(
                turn.id(),
                turn.card().pair().id(),
                listener.raterId(),
                turn.opinion(decision),
                Optional.of(clock.instant()));
        try {
            return store.record(ballot, decision.comment());
        } catch (IllegalArgumentException e) {
            if (repeated) {
                throw Refusal.of(Reason.CLOSED, "you have decided otherwise about this pair, and that was stored");
            }
            throw e;
        }
    }

    private static ClipFile clip(Take take) throws IOException {
        return ClipFile.of(take.file(), take.system());
    }

    public ListeningSettings settings() {
        return settings;
    }

    public Session session() {
        return session;
    }

    public PreferenceStore store() {
        return store;
    }

    /** The pairs, for statistics only. */
    public Deck deck() {
        return deck;
    }

    /** Number of votes and of votes taken back since the server started; whoever caches statistics compares it. */
    public int changes() {
        return changes.get();
    }

    /** Number of votes since the server started, without those that were taken back. */
    public int votesGiven() {
        return votesGiven.get();
    }

    /** Number of listeners since the server started. */
    public int listeners() {
        synchronized (listeners) {
            return listeners.size();
        }
    }
}
