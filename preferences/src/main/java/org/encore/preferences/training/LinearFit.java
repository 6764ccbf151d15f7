package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.rewards.preference.NetworkScores;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.BradleyTerry.Tally;

/**
 * Maximum-a-posteriori weights of features in a Bradley-Terry model, with a normal prior on each weight.
 *
 * <p>Features are standardised over the training clips. A tie counts as half a vote for each side.
 *
 * @param values features of each clip, {@code [clips][features]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record LinearFit(double[][] values) {
    /**
     * The fitted weights.
     *
     * @param means of the features over the clips
     * @param scales their standard deviations, above 0
     * @param weights nats per standard deviation
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Weights(double[] means, double[] scales, double[] weights) {}

    /**
     * Fits the weights.
     *
     * @param comparisons training votes
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
        return new Weights(mean, scale, BradleyTerry.weights(tallies(comparisons, scale), features, strength));
    }

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

    /**
     * Fits the scalar head to the frozen trunk before fine-tuning: a score is linear in the pooled states, so Newton's
     * method finds the best head after one pass over the clips (linear probing before fine-tuning, Kumar et al. 2022,
     * <a href="https://arxiv.org/abs/2202.10054">arXiv 2202.10054</a>).
     */
    static final class HeadFit {
        /** Precision of the prior of a weight, in votes: our choice. */
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
