package org.encore.preferences.listening.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.preferences.listening.turns.Deck.Card;
import org.encore.preferences.listening.turns.Deck.Dealt;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.ClipFile;
import org.encore.preferences.store.PreferenceStore.StoredPair;
import org.junit.jupiter.api.Test;

final class DeckTest {
    private static final long SEED = 7;

    private static Card card(long id, int match) {
        ClipFile clip = new ClipFile(Path.of("clip-" + id + ".wav"), Optional.empty(), "system");
        return new Card(new StoredPair(id, "prompt", clip, clip), match);
    }

    private static Deck deck(int pairs, int votesPerPair) {
        Deck deck = new Deck(SEED, votesPerPair);
        for (long id = 0; id < pairs; id++) {
            deck.add(card(id, 0), 0);
        }
        return deck;
    }

    /** The pairs of one listener, who judges each at once, in the order in which they come. */
    private static List<Long> judgeAll(Deck deck, long rater) {
        Set<Long> judged = new LinkedHashSet<>();
        for (Optional<Dealt> next = deck.deal(rater, judged, 0); next.isPresent(); next = deck.deal(rater, judged, 0)) {
            assertTrue(judged.add(next.get().card().pair().id()), "a pair came twice");
            deck.judged(next.get().card());
        }
        return List.copyOf(judged);
    }

    @Test
    void everyListenerGetsEveryPairOnceInAnOrderOfTheirOwn() {
        Deck deck = deck(12, 5);
        List<Long> one = judgeAll(deck, 1);
        List<Long> other = judgeAll(deck, 2);
        assertEquals(12, one.size());
        assertEquals(new HashSet<>(one), new HashSet<>(other));
        assertNotEquals(one, other);
        assertEquals(one, judgeAll(deck(12, 5), 1), "the same seed, the same order");
    }

    @Test
    void aPairWithAllItsVotesIsDealtNoMore() {
        Deck deck = deck(3, 2);
        judgeAll(deck, 1);
        assertEquals(0, deck.complete());
        judgeAll(deck, 2);
        assertEquals(3, deck.complete());
        assertTrue(deck.deal(3, Set.of(), 0).isEmpty());
        assertEquals(0, deck.open(Set.of(), 0));
    }

    @Test
    void thePairWithTheFewestVotesComesFirst() {
        Deck deck = new Deck(SEED, 10);
        deck.add(card(0, 0), 4);
        deck.add(card(1, 0), 1);
        deck.add(card(2, 0), 2);
        deck.add(card(1, 0), 9);
        assertEquals(List.of(1L, 2L, 0L), judgeAll(deck, 1), "a pair that is added again keeps its votes");
    }

    /** A pair with a pending vote counts as judged for half an hour. */
    @Test
    void pairsThatWereLeftComeBack() {
        Deck deck = deck(1, 1);
        assertTrue(deck.deal(1, Set.of(), 0).isPresent());
        assertTrue(deck.deal(2, Set.of(), 0).isEmpty());
        assertTrue(deck.deal(2, Set.of(), 30 * 60_000).isEmpty());
        assertTrue(deck.deal(2, Set.of(), 30 * 60_000 + 1).isPresent());
    }

    @Test
    void aPairThatIsTakenOutIsGone() {
        Deck deck = deck(2, 1);
        Card first = deck.deal(1, Set.of(), 0).orElseThrow().card();
        deck.remove(first);
        deck.judged(first);
        assertEquals(1, deck.size());
        assertEquals(1, judgeAll(deck, 2).size());
    }

    /** In every block of four, twice each; blocks differ; matches have sides of their own. */
    @Test
    void sidesAreBalancedInBlocksOfFour() {
        Deck deck = new Deck(SEED, 1_000_000);
        deck.add(card(0, 0), 0);
        deck.add(card(1, 1), 0);
        Set<List<Shown>> blocks = new HashSet<>();
        List<List<Shown>> byMatch = List.of(new ArrayList<>(), new ArrayList<>());
        for (int match = 0; match < 2; match++) {
            long other = 1L - match;
            for (int turn = 0; turn < 400; turn++) {
                Dealt dealt = deck.deal(turn, Set.of(other), 0).orElseThrow();
                byMatch.get(match).add(dealt.shownFirst());
            }
            for (int from = 0; from < 400; from += 4) {
                List<Shown> block = byMatch.get(match).subList(from, from + 4);
                assertEquals(2, block.stream().filter(each -> each == Shown.A).count());
                blocks.add(List.copyOf(block));
            }
        }
        assertEquals(6, blocks.size(), "all orders of two and two");
        assertNotEquals(byMatch.get(0), byMatch.get(1));
    }
}
