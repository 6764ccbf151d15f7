package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PairLikelihoodTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest
    @ValueSource(doubles = {Double.NEGATIVE_INFINITY, -1.5, 0.7})
    void theGradientIsTheSlopeOfTheLoss(double tie) {
        PairLikelihood likelihood = new PairLikelihood(tie);
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
        PairLikelihood likelihood = new PairLikelihood(-0.5);
        double sum = Math.exp(-likelihood.loss(margin, 1))
                + Math.exp(-likelihood.loss(margin, 0))
                + Math.exp(-likelihood.loss(margin, -1));
        assertEquals(1.0, sum, 1e-12);
    }

    /** Without ties: -log sigmoid(2) = log(1 + exp(-2)) = 0.126928. */
    @Test
    void withoutTiesItIsThePapersLoss() {
        PairLikelihood likelihood = new PairLikelihood(Double.NEGATIVE_INFINITY);
        assertEquals(0.126928, likelihood.loss(2.0, 1), 1e-6);
        assertEquals(2.126928, likelihood.loss(2.0, -1), 1e-6);
    }

    /** Two ties of ten votes: at margin 0 a tie must have probability 0.2. */
    @Test
    void pairsOfEqualScoreTieAsOftenAsAllVotes() {
        List<Comparison> votes = new ArrayList<>(Collections.nCopies(8, new Comparison(0, 1, 1, "r")));
        votes.addAll(Collections.nCopies(2, new Comparison(0, 1, 0, "r")));
        assertEquals(0.2, Math.exp(-PairLikelihood.of(votes).loss(0.0, 0)), 1e-12);
        assertEquals(
                Double.NEGATIVE_INFINITY, PairLikelihood.of(votes.subList(0, 8)).tie());
        assertThrows(IllegalArgumentException.class, () -> PairLikelihood.of(votes.subList(8, 10)));
    }
}
