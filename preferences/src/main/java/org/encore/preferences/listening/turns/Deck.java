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
 * The pairs of a listening test, in the order in which they are dealt.
 *
 * <p>The next pair is the one with the fewest votes, pending ones included; ties are broken by a random order of each
 * listener. So all pairs fill up evenly, for any number of listeners.
 *
 * <p>Thread-safe.
 */
public final class Deck {
    /** A turn open for longer no longer counts as a pending vote. */
    private static final long PATIENCE_MILLIS = Duration.ofMinutes(30).toMillis();

    private final RandomStreams streams;
    private final SideOrder sides;
    private final int votesPerPair;
    private final Map<Long, Pile> piles = new LinkedHashMap<>();
    private final Map<Integer, Integer> turnsOfMatch = new LinkedHashMap<>();

    /** A pair with its votes and the times of its pending turns. */
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
     * A dealt pair.
     *
     * @param shownFirst which of its clips is A on the page
     */
    public record Dealt(Card card, Shown shownFirst) {}

    /**
     * Creates an empty deck.
     *
     * @param seed seed of orders and sides
     * @param votesPerPair votes per pair, at least 1
     */
    public Deck(long seed, int votesPerPair) {
        this.streams = new RandomStreams(seed);
        this.sides = new SideOrder(streams);
        this.votesPerPair = votesPerPair;
    }

    /** Adds a pair with its number of votes. */
    public synchronized void add(Card card, int votes) {
        if (piles.putIfAbsent(card.pair().id(), new Pile(card, votes)) == null) {
            turnsOfMatch.merge(card.match(), votes, Integer::sum);
        }
    }

    /** Deals a pair that needs votes and that the listener has not judged, if there is one. */
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

    /** Counts a vote or skip for a dealt pair. */
    public synchronized void judged(Card card) {
        Pile pile = piles.get(card.pair().id());
        if (pile != null) {
            pile.dealtMillis.pollFirst();
            pile.votes++;
        }
    }

    /** Takes back the vote or skip for a pair, which is dealt again to the same listener at once. */
    public synchronized void reopened(Card card, long nowMillis) {
        Pile pile = piles.get(card.pair().id());
        if (pile != null) {
            pile.votes--;
            pile.dealtMillis.addLast(nowMillis);
        }
    }

    /** Puts a dealt pair back without a vote. */
    public synchronized void putBack(Card card) {
        Pile pile = piles.get(card.pair().id());
        if (pile != null) {
            pile.dealtMillis.pollFirst();
        }
    }

    /** Removes a pair that cannot be rendered; its votes stay in the store. */
    public synchronized void remove(Card card) {
        piles.remove(card.pair().id());
    }

    /** Number of pairs that need votes and that the listener has not judged. */
    public synchronized int open(Set<Long> judged, long nowMillis) {
        return (int) piles.values().stream()
                .filter(pile -> isOpen(pile, judged, nowMillis))
                .count();
    }

    public synchronized int size() {
        return piles.size();
    }

    /** Number of pairs with all their votes. */
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
     * A pair of the deck.
     *
     * @param pair the stored pair; clip a is of the first system of the match
     * @param match number of the two systems that are compared
     */
    public record Card(StoredPair pair, int match) {}

    /**
     * Assigns the clips of a pair to sides.
     *
     * <p>Permuted blocks: of every four turns of a match, two show the clip of the first system as A and two as B, in
     * random order. So the sides are always balanced to within two turns, and the next one cannot be predicted.
     *
     * @param streams random streams of the test
     */
    record SideOrder(RandomStreams streams) {
        private static final int BLOCK = 4;

        /**
         * Whether the clip of the first system is A on the page.
         *
         * @param match number of the two systems
         * @param turn number of earlier turns of this match
         */
        boolean isFirstOnA(int match, int turn) {
            int block = turn / BLOCK;
            RandomGenerator random = streams.stream(Purpose.LISTENING_SIDES, match, block);
            int left = BLOCK / 2;
            boolean first = false;
            for (int i = 0; i <= turn % BLOCK; i++) {
                // Draws without replacement from the rest of the block.
                first = random.nextInt(BLOCK - i) < left;
                left -= first ? 1 : 0;
            }
            return first;
        }
    }
}
