package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.rewards.preference.NetworkScores;

/**
 * Weights of features that make votes most probable, by Bradley and Terry with a normal prior on each weight.
 *
 * <p>Features are standardised over the clips that are learned from. A tie counts as half a vote for each side.
 *
 * @param values the features of each clip, {@code [clips][features]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record LinearFit(double[][] values) {
    private static final int MOST_STEPS = 50;
    private static final double TOLERANCE = 1e-8;

    /**
     * What was fitted.
     *
     * @param means of the features over the clips
     * @param scales their standard deviations, above 0
     * @param weights in nats a standard deviation
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Weights(double[] means, double[] scales, double[] weights) {}

    /**
     * Fits.
     *
     * @param comparisons votes to learn from
     * @param clips numbers of the clips over which features are standardised
     * @param strength precision of the prior
     */
    Weights fit(List<Comparison> comparisons, List<Integer> clips, double strength) {
        int features = values[0].length;
        double[] mean = new double[features];
        double[] scale = new double[features];
        for (int clip : clips) {
            for (int m = 0; m < features; m++) {
                mean[m] += values[clip][m] / clips.size();
            }
        }
        for (int clip : clips) {
            for (int m = 0; m < features; m++) {
                scale[m] += (values[clip][m] - mean[m]) * (values[clip][m] - mean[m]) / clips.size();
            }
        }
        Arrays.setAll(scale, m -> scale[m] > 0.0 ? Math.sqrt(scale[m]) : 1.0);
        return new Weights(mean, scale, weights(tallies(comparisons, scale), features, strength));
    }

    /**
     * All votes on two clips.
     *
     * @param difference of their standardised features
     * @param wins votes for the first, a tie as one half
     * @param votes how many there are
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Tally(double[] difference, double wins, double votes) {}

    private List<Tally> tallies(List<Comparison> comparisons, double[] scale) {
        Map<Long, double[]> counts = new TreeMap<>();
        for (Comparison vote : comparisons) {
            boolean ordered = vote.a() < vote.b();
            long key = (long) Math.min(vote.a(), vote.b()) * values.length + Math.max(vote.a(), vote.b());
            double[] count = counts.computeIfAbsent(key, unused -> new double[2]);
            count[0] += (1.0 + (ordered ? vote.outcome() : -vote.outcome())) / 2.0;
            count[1]++;
        }
        List<Tally> tallies = new ArrayList<>();
        counts.forEach((key, count) -> {
            double[] first = values[(int) (key / values.length)];
            double[] second = values[(int) (key % values.length)];
            double[] difference = new double[scale.length];
            Arrays.setAll(difference, m -> (first[m] - second[m]) / scale[m]);
            tallies.add(new Tally(difference, count[0], count[1]));
        });
        return tallies;
    }

    private static double[] weights(List<Tally> tallies, int features, double strength) {
        double[] weights = new double[features];
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] move = newton(tallies, weights, strength);
            double largest = 0.0;
            for (int m = 0; m < features; m++) {
                weights[m] += move[m];
                largest = Math.max(largest, Math.abs(move[m]));
            }
            if (largest < TOLERANCE) {
                break;
            }
        }
        return weights;
    }

    /** The step of Newton's method; the prior keeps the curvature away from 0, so it needs no line search here. */
    private static double[] newton(List<Tally> tallies, double[] weights, double strength) {
        double[] gradient = new double[weights.length];
        double[][] curvature = new double[weights.length][weights.length];
        for (int m = 0; m < weights.length; m++) {
            gradient[m] = -strength * weights[m];
            curvature[m][m] = strength;
        }
        for (Tally tally : tallies) {
            double[] x = tally.difference;
            double margin = 0.0;
            for (int m = 0; m < x.length; m++) {
                margin += weights[m] * x[m];
            }
            double p = 1.0 / (1.0 + Math.exp(-margin));
            double slope = tally.wins - tally.votes * p;
            double bend = tally.votes * p * (1.0 - p);
            for (int m = 0; m < x.length; m++) {
                gradient[m] += slope * x[m];
                for (int n = 0; n <= m; n++) {
                    curvature[m][n] += bend * x[m] * x[n];
                }
            }
        }
        for (int m = 0; m < weights.length; m++) {
            for (int n = 0; n < m; n++) {
                curvature[n][m] = curvature[m][n];
            }
        }
        return new CholeskyDecomposition(new Array2DRowRealMatrix(curvature, false))
                .getSolver()
                .solve(new ArrayRealVector(gradient, false))
                .toArray();
    }

    /**
     * Fits the scalar head to the trunk as it is, before the trunk learns: a score is linear in the pooled states, so the best
     * head is found by Newton's method after one pass over the clips, and the first gradients reach the trunk through a head that
     * means something (linear probing before fine-tuning, Kumar et al. 2022, <a
     * href="https://arxiv.org/abs/2202.10054">arXiv 2202.10054</a>).
     */
    static final class HeadFit {
        /** Precision of the prior on a weight, in votes: our choice. */
        private static final double STRENGTH = 30.0;

        private static final String WEIGHT = "score.weight";
        private static final String BIAS = "score.bias";

        private HeadFit() {}

        /** Overwrites the head. */
        static void fit(NetworkScores scores, List<CodeSequence> clips, List<Comparison> votes) {
            List<Integer> all = IntStream.range(0, clips.size()).boxed().toList();
            LinearFit.Weights fitted = new LinearFit(scores.states(clips)).fit(votes, all, STRENGTH);
            MusicTransformer model = scores.replicas().model();
            double[] head = new double[fitted.weights().length];
            double bias = 0.0;
            for (int d = 0; d < head.length; d++) {
                head[d] = fitted.weights()[d] / fitted.scales()[d];
                bias -= head[d] * fitted.means()[d];
            }
            Kernels kernels = model.kernels();
            Parameters parameters = model.parameters();
            kernels.write(parameters.get(WEIGHT), head);
            kernels.write(parameters.get(BIAS), new double[] {bias});
        }
    }
}
