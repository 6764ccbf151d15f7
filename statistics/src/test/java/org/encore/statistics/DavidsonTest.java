package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.encore.statistics.BradleyTerry.Game;
import org.junit.jupiter.api.Test;

final class DavidsonTest {
    private static List<Game> games(int first, int second, int wins, int losses, int ties) {
        List<Game> games = new ArrayList<>(Collections.nCopies(wins, new Game(first, second, 1)));
        games.addAll(Collections.nCopies(losses, new Game(first, second, -1)));
        games.addAll(Collections.nCopies(ties, new Game(first, second, 0)));
        return games;
    }

    private static List<Game> all(List<List<Game>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    /** Expected from a gradient ascent in Python on the same likelihood and prior, run until its gradient was 1e-13. */
    @Test
    void maximisesTheLikelihood() {
        Davidson fit = Davidson.fit(3, all(List.of(games(0, 1, 6, 3, 3), games(1, 2, 4, 4, 2), games(0, 2, 5, 1, 4))));
        assertEquals(0.63152975, fit.strengths().get(0), 1e-7);
        assertEquals(-0.2374858, fit.strengths().get(1), 1e-7);
        assertEquals(-0.39404395, fit.strengths().get(2), 1e-7);
        assertEquals(-0.17071313, fit.tie(), 1e-7);
    }

    /** Two items, 3 wins to 1: log-odds log 3 = 1.0986 but for the prior. */
    @Test
    void twoItemsHaveTheOddsOfTheirGames() {
        Davidson fit = Davidson.fit(2, games(0, 1, 300, 100, 0));
        assertEquals(Math.log(3.0), fit.strengths().get(0) - fit.strengths().get(1), 1e-3);
        assertEquals(0.75, fit.winProbability(0, 1), 1e-3);
        assertEquals(Double.NEGATIVE_INFINITY, fit.tie());
    }

    /** With as many wins as losses, 200 ties of 400 games mean exp(t) = 200 / 100. */
    @Test
    void tiesHaveAParameterOfTheirOwn() {
        Davidson fit = Davidson.fit(2, games(0, 1, 100, 100, 200));
        assertEquals(0.0, fit.strengths().get(0), 1e-9);
        assertEquals(Math.log(2.0), fit.tie(), 1e-3);
    }

    @Test
    void namesOfTheClipsDoNotMatter() {
        Davidson fit = Davidson.fit(3, all(List.of(games(0, 1, 6, 3, 3), games(1, 2, 4, 4, 2))));
        Davidson exchanged = Davidson.fit(3, all(List.of(games(1, 0, 3, 6, 3), games(2, 1, 4, 4, 2))));
        assertEquals(fit, exchanged);
    }

    @Test
    void anItemThatAlwaysWinsStaysFinite() {
        Davidson fit = Davidson.fit(2, games(0, 1, 10, 0, 0));
        assertTrue(fit.strengths().get(0) > 1.0 && fit.strengths().get(0) < 10.0, fit.toString());
    }
}
