package org.encore.rewards.adherence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.rewards.adherence.Towers.Words;
import org.junit.jupiter.api.Test;

final class WordsTest {
    @Test
    void countsWordsInLowerCase() {
        Words words = Words.of(List.of("A waltz, in 3/4.", "In four-four time"));
        assertEquals(List.of("3", "4", "a", "four", "in", "time", "waltz"), words.vocabulary());
        assertArrayEquals(
                new float[] {0, 2, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                words.counts(List.of("IN 4/4: four flutes", "unheard of")).values());
    }

    @Test
    void knowsWhatItHasRead() {
        Words words = Words.of(List.of("a slow waltz"));
        assertTrue(words.know("WALTZ!"));
        assertFalse(words.know("etude, op. 10"));
    }
}
