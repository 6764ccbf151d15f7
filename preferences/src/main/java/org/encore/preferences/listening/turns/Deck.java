package org.encore.preferences.listening.turns;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.preferences.store.Ballot.Shown;

/**
 * The pairs of a listening test, and the order in which they are dealt.
 *
 * <p>Next comes the pair with the fewest votes, those that are just being given included; among several, an order drawn
 * for each listener decides. So all pairs fill up evenly, however many listeners there are and whenever they stop.
 *
 * <p>Safe to use from several threads.
 */
public final class Deck {
    /** A turn that was left for so long no longer counts as a vote to come. */
    private static final long PATIENCE_MILLIS = Duration.ofMinutes(30).toMillis();

    private final RandomStreams streams;
    private final SideOrder sides;
    private final int votesPerPair;
    private final Map<Long, Pile> piles = new LinkedHashMap<>();
    private final Map<Integer, Integer> turnsOfMatch = new LinkedHashMap<>();

    /** A pair with its votes, and the times at which it was dealt without a vote so far. */
    private static final class Pile {
        private final Card card;
        private final Deque<Long> dealtMillis = new ArrayDeque<>();
        private int votes;

        Pile(Card card, int votes) {
            this.card = card;
            this.votes = votes;
        }

        int expectedVotes(long nowMillis) {
            while (!dealtMillis.isEmpty() && dealtMillis.peekFirst() < nowMillis - PATIENCE_MILLIS) {
                dealtMillis.removeFirst();
            }
            return votes + dealtMillis.size();
        }
    }

    /**
     * A pair for a listener.
     *
     * @param shownFirst which of its clips is A on the page
     */
    public record Dealt(Card card, Shown shownFirst) {}

    /**
     * Makes an empty deck.
     *
     * @param seed decides orders and sides
     * @param votesPerPair how many votes a pair gets, at least 1
     */
    public Deck(long seed, int votesPerPair) {
        this.streams = new RandomStreams(seed);
        this.sides = new SideOrder(streams);
        this.votesPerPair = votesPerPair;
    }

    /** Adds a pair with the votes that it has already. */
    public synchronized void add(Card card, int votes) {
        if (piles.putIfAbsent(card.pair().id(), new Pile(card, votes)) == null) {
            turnsOfMatch.merge(card.match(), votes, Integer::sum);
        }
    }

    /** Takes a pair for a listener who has not judged it yet, if there is one that lacks votes. */
    public synchronized Optional<Dealt> deal(long raterId, Set<Long> judged, long nowMillis) {
        Optional<Pile> next = piles.values().stream()
                .filter(pile -> isOpen(pile, judged, nowMillis))
                .min(Comparator.comparingInt((Pile pile) -> pile.expectedVotes(nowMillis))
                        .thenComparingLong(pile -> place(raterId, pile.card)));
        return next.map(pile -> {
            pile.dealtMillis.addLast(nowMillis);
            int turn = turnsOfMatch.merge(pile.card.match(), 1, Integer::sum) - 1;
            return new Dealt(pile.card, sides.isFirstOnA(pile.card.match(), turn) ? Shown.A : Shown.B);
        });
    }

    /** Counts the vote, or the skip, for a pair that was dealt. */
    public synchronized void judged(Card card) {
        Pile pile = piles.get(card.pair().id());
        if (pile != null) {
            pile.dealtMillis.pollFirst();
            pile.votes++;
        }
    }

    /** Takes a pair out that cannot be heard; its votes stay in the store. */
    public synchronized void remove(Card card) {
        piles.remove(card.pair().id());
    }

    /** How many pairs lack votes and were not judged by this listener. */
    public synchronized int open(Set<Long> judged, long nowMillis) {
        return (int) piles.values().stream()
                .filter(pile -> isOpen(pile, judged, nowMillis))
                .count();
    }

    public synchronized int size() {
        return piles.size();
    }

    /** How many pairs have all of their votes. */
    public synchronized int complete() {
        return (int) piles.values().stream()
                .filter(pile -> pile.votes >= votesPerPair)
                .count();
    }

    private boolean isOpen(Pile pile, Set<Long> judged, long nowMillis) {
        return !judged.contains(pile.card.pair().id()) && pile.expectedVotes(nowMillis) < votesPerPair;
    }

    private long place(long raterId, Card card) {
        return streams.stream(Purpose.LISTENING_ORDER, raterId, card.pair().id())
                .nextLong();
    }
}
