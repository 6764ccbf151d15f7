package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.encore.statistics.BradleyTerry.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BradleyTerryTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest
    @ValueSource(doubles = {Double.NEGATIVE_INFINITY, -1.5, 0.7})
    void theGradientIsTheSlopeOfTheLoss(double tie) {
        BradleyTerry likelihood = new BradleyTerry(tie);
        for (double margin : new double[] {-6.0, -0.4, 0.0, 1.3, 9.0}) {
            for (int outcome : tie == Double.NEGATIVE_INFINITY ? new int[] {-1, 1} : new int[] {-1, 0, 1}) {
                double slope = (likelihood.loss(margin + STEP, outcome) - likelihood.loss(margin - STEP, outcome))
                        / (2 * STEP);
                assertEquals(slope, likelihood.gradient(margin, outcome), 1e-9, margin + " " + outcome);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-800.0, -2.0, 0.0, 800.0})
    void theThreeOutcomesAreAllThereIs(double margin) {
        BradleyTerry likelihood = new BradleyTerry(-0.5);
        double sum = Math.exp(-likelihood.loss(margin, 1))
                + Math.exp(-likelihood.loss(margin, 0))
                + Math.exp(-likelihood.loss(margin, -1));
        assertEquals(1.0, sum, 1e-12);
    }

    /** Without ties: -log sigmoid(2) = log(1 + exp(-2)) = 0.126928. */
    @Test
    void withoutTiesItIsThePapersLoss() {
        BradleyTerry likelihood = new BradleyTerry(Double.NEGATIVE_INFINITY);
        assertEquals(0.126928, likelihood.loss(2.0, 1), 1e-6);
        assertEquals(2.126928, likelihood.loss(2.0, -1), 1e-6);
    }

    /** Two ties of ten votes: at margin 0 a tie must have probability 0.2. */
    @Test
    void pairsOfEqualScoreTieAsOftenAsAllVotes() {
        assertEquals(0.2, Math.exp(-BradleyTerry.ofCounts(8, 2).loss(0.0, 0)), 1e-12);
        assertEquals(Double.NEGATIVE_INFINITY, BradleyTerry.ofCounts(8, 0).tie());
        assertThrows(IllegalArgumentException.class, () -> BradleyTerry.ofCounts(0, 2));
    }

    /** At margin 2 log 2 the weights are 2, 1/2 and, with t = log 1.5, 3/2: of a sum of 4. */
    @Test
    void probabilitiesAreTheWeightsOfTheOutcomes() {
        double[] probabilities = new BradleyTerry(Math.log(1.5)).probabilities(2.0 * Math.log(2.0));
        assertArrayEquals(new double[] {0.5, 0.125, 0.375}, probabilities, 1e-12);
        assertEquals(0.8, BradleyTerry.logistic(2.0 * Math.log(2.0)), 1e-12);
    }

    /**
     * One feature of difference 1 and three wins of four games: without a prior the weight is log 3. With one of precision
     * k the gradient is 0 at 3 - 4 p = k w; k = (3 - 4 * 2/3) / log 2 makes that w = log 2, where p = 2/3.
     */
    @Test
    void weightsAreTheLogOddsOfTheGamesShrunkByThePrior() {
        List<Tally> games = List.of(new Tally(new double[] {1.0}, 3.0, 4.0));
        assertEquals(Math.log(3.0), BradleyTerry.weights(games, 1, 1e-9)[0], 1e-7);
        assertEquals(Math.log(2.0), BradleyTerry.weights(games, 1, (3.0 - 8.0 / 3.0) / Math.log(2.0))[0], 1e-7);
    }

    /** Features that never differ together are fitted each by its own games; a half win of one game is even odds. */
    @Test
    void weightsOfSeparateFeaturesDoNotMix() {
        double[] weights = BradleyTerry.weights(
                List.of(new Tally(new double[] {2.0, 0.0}, 3.0, 4.0), new Tally(new double[] {0.0, 1.0}, 0.5, 1.0)),
                2,
                1e-9);
        assertArrayEquals(new double[] {Math.log(3.0) / 2.0, 0.0}, weights, 1e-7);
    }
}
