package org.encore.preferences.listening.turns;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore.StoredPair;

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

    /**
     * A pair that can be laid before listeners.
     *
     * @param pair as the store has it; clip a is of the first system of the match
     * @param match number of the two systems that are compared
     */
    public record Card(StoredPair pair, int match) {}

    /**
     * Which clip of a pair stands on which side.
     *
     * <p>Permuted blocks: of every four turns of a match, two show the clip of the first system as A and two as B, in an
     * order that is drawn for each block. So the sides are balanced at every moment to within two turns, and nobody can tell
     * the next from those before.
     *
     * @param streams the randomness of the test
     */
    record SideOrder(RandomStreams streams) {
        private static final int BLOCK = 4;

        /**
         * Whether the clip of the first system is A on the page.
         *
         * @param match number of the two systems
         * @param turn how many turns of this match came before
         */
        boolean isFirstOnA(int match, int turn) {
            int block = turn / BLOCK;
            RandomGenerator random = streams.stream(Purpose.LISTENING_SIDES, match, block);
            int left = BLOCK / 2;
            boolean first = false;
            for (int i = 0; i <= turn % BLOCK; i++) {
                // Draws without replacement: of what is left in the block, each is as likely.
                first = random.nextInt(BLOCK - i) < left;
                left -= first ? 1 : 0;
            }
            return first;
        }
    }
}
