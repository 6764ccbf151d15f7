package org.encore.preferences.training;

import java.util.List;
import java.util.stream.IntStream;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.preferences.comparisons.Comparison;
import org.encore.rewards.learned.NetworkScores;

/**
 * Fits the scalar head to the trunk as it is, before the trunk learns: a score is linear in the pooled states, so the best
 * head is found by Newton's method after one pass over the clips, and the first gradients reach the trunk through a head that
 * means something (linear probing before fine-tuning, Kumar et al. 2022, <a
 * href="https://arxiv.org/abs/2202.10054">arXiv 2202.10054</a>).
 */
final class HeadFit {
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
