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
import org.encore.preferences.listening.turns.Listener.RateLimit;
import org.encore.preferences.listening.turns.Refusal;
import org.encore.preferences.listening.turns.Refusal.Reason;
import org.encore.preferences.listening.turns.Secrets;
import org.encore.preferences.listening.turns.Turn;
import org.encore.preferences.listening.turns.Turn.Choice;
import org.encore.preferences.store.Ballot;
import org.encore.preferences.store.Ballot.Receipt;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.ClipFile;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.Session;

/**
 * The course of a listening test: who joins, what they get, what they have heard, what they decide.
 *
 * <p>Safe to use from several threads.
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
    private volatile boolean allLaidOut;

    /** Opens or goes on with the session of the settings; there are no pairs yet. */
    public ListeningTest(ListeningSettings settings, PreferenceStore store, Clock clock) throws IOException {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.session = store.session(settings.session());
        this.deck = new Deck(settings.seed(), settings.rules().votesPerPair());
        this.recordings = new Recordings(settings.rules().longestSeconds(), KEPT_RECORDINGS);
    }

    /** Where a listener stands. */
    public enum State {
        /** There is a pair before them. */
        PAIR,
        /** There will be pairs, when more clips were generated. */
        WAITING,
        /** There is nothing left for them. */
        DONE
    }

    /**
     * Where a listener stands.
     *
     * @param judged pairs they have judged or skipped in this session
     * @param remaining pairs that could still come, the one before them included
     * @param turn the pair before them
     */
    public record Standing(State state, int judged, int remaining, Optional<Turn> turn) {}

    /** Lays out pairs; those that the session knows already keep their votes. */
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

    /** Says that all pairs are laid out, so that a listener who has judged all of them is done. */
    public void allLaidOut() {
        allLaidOut = true;
    }

    /** The listener who shows a token, if it is one that {@link #join} gave out, at whatever time. */
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
     * Takes up a new listener, and remembers them in the store.
     *
     * @throws Refusal if there are as many as the settings allow
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

    /** Where a listener stands; lays the next pair before them if there is none. */
    public Standing standing(Listener listener) {
        synchronized (listener) {
            boolean complete = allLaidOut; // asked before dealing: the last pairs may come in between
            Optional<Turn> turn = listener.turn().or(() -> next(listener));
            Set<Long> seen = new LinkedHashSet<>(listener.judged());
            turn.ifPresent(open -> seen.add(open.card().pair().id()));
            int later = deck.open(seen, clock.millis());
            int judged = listener.judged().size();
            if (turn.isPresent()) {
                return new Standing(State.PAIR, judged, 1 + later, turn);
            }
            return new Standing(complete ? State.DONE : State.WAITING, judged, later, turn);
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
                // A file that was removed or damaged since the start shall not stop the test.
                LOGGER.warn("left out pair {}: {}", dealt.get().card().pair().id(), e.getMessage());
                deck.remove(dealt.get().card());
            }
        }
    }

    private Turn turn(Dealt dealt) throws IOException {
        Recording a = recordings.of(dealt.card().pair().a().path());
        Recording b = recordings.of(dealt.card().pair().b().path());
        boolean straight = dealt.shownFirst() == Shown.A;
        return new Turn(
                dealt.card(),
                dealt.shownFirst(),
                List.of(straight ? a : b, straight ? b : a),
                settings.rules().leastSeconds());
    }

    /**
     * The turn of a listener that has a clip.
     *
     * @throws Refusal if no such clip is before this listener
     */
    public Turn turnWith(Listener listener, String clipId) {
        synchronized (listener) {
            return listener.turn()
                    .filter(turn -> turn.side(clipId).isPresent())
                    .orElseThrow(() -> Refusal.of(Reason.NOT_FOUND, "there is no such clip"));
        }
    }

    /** The server has sent bytes of a clip, {@code from} inclusive to {@code to} exclusive. */
    public void delivered(Listener listener, Turn turn, int side, ByteSpan span) {
        synchronized (listener) {
            turn.hearing().delivered(side, span.from(), span.to(), clock.millis());
        }
    }

    /**
     * A stretch of a clip's bytes.
     *
     * @param from the first
     * @param to the one after the last
     */
    public record ByteSpan(int from, int to) {}

    /**
     * A page says how many seconds of a clip it has played.
     *
     * @return the turn with what is counted now
     * @throws Refusal if no such clip is before this listener, or that is no length of time
     */
    public Turn heard(Listener listener, String clipId, double seconds) {
        synchronized (listener) {
            Turn turn = turnWith(listener, clipId);
            OptionalInt side = turn.side(clipId);
            turn.hearing().reported(side.orElseThrow(), seconds, clock.millis());
            return turn;
        }
    }

    /**
     * Records a decision.
     *
     * @return the acknowledgement of the store; sending the last decision again adds nothing
     * @throws Refusal if the turn is not this listener's, not enough was heard, or it was too fast
     * @throws IOException if the store could not record it: then nothing was decided
     */
    public Receipt vote(Listener listener, String turnId, Choice choice) throws IOException {
        synchronized (listener) {
            Turn turn = listener.turn(turnId)
                    .orElseThrow(() -> Refusal.of(Reason.CLOSED, "this pair is not before you any more"));
            boolean repeated = listener.turn().filter(open -> open == turn).isEmpty();
            if (!repeated) {
                requireOpen(listener, turn, choice);
            }
            Receipt receipt = record(listener, turn, choice, repeated);
            if (!repeated) {
                listener.end();
                deck.judged(turn.card());
                votesGiven.incrementAndGet();
            }
            return receipt;
        }
    }

    private void requireOpen(Listener listener, Turn turn, Choice choice) {
        if (choice != Choice.SKIP && !turn.hearing().isEnough()) {
            throw Refusal.of(Reason.TOO_EARLY, "listen to both clips before you choose");
        }
        if (!listener.voteRate().allows(clock.millis())) {
            throw Refusal.tooMany(listener.voteRate().waitSeconds());
        }
    }

    private Receipt record(Listener listener, Turn turn, Choice choice, boolean repeated) throws IOException {
        Ballot ballot = new Ballot(
                turn.id(),
                turn.card().pair().id(),
                listener.raterId(),
                turn.opinion(choice),
                Optional.of(clock.instant()));
        try {
            return store.record(ballot);
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

    /** The pairs; to look at, not to deal. */
    public Deck deck() {
        return deck;
    }

    /** How many votes were given since the server started. */
    public int votesGiven() {
        return votesGiven.get();
    }

    /** How many listeners have taken part since the server started. */
    public int listeners() {
        synchronized (listeners) {
            return listeners.size();
        }
    }
}
