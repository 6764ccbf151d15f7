package org.encore.trainer.credit;

import java.util.List;
import org.encore.trainer.steps.StepRewards;
import org.encore.trainer.steps.ValidSteps;

/**
 * Compares each sample with the mean of the other samples of its prompt (RLOO).
 *
 * <p>{@code A = R_i - 1/(k-1) Σ_{j≠i} R_j}, the same at every step: the clip counts as one action. R is the sum of all
 * rewards of the sample, penalties included if they are part of the reward. Needs no value network.
 *
 * @paper Ahmadian et al. 2024, Back to Basics, <a href="https://arxiv.org/abs/2402.14740">arXiv
 *     2402.14740</a>; Kool et al. 2019
 */
public record LeaveOneOut() implements AdvantageEstimator {
    /** The only value. */
    public static LeaveOneOut defaults() {
        return new LeaveOneOut();
    }

    @Override
    public boolean needsValues() {
        return false;
    }

    @Override
    public int fewestSamplesPerPrompt() {
        return 2;
    }

    @Override
    public Credit estimate(Episodes episodes) {
        ValidSteps steps = episodes.steps();
        double[] totals = steps.sumPerSample(episodes.rewards());
        double[] advantages = new double[totals.length];
        for (List<Integer> samples : episodes.groups().all()) {
            double sum = SampleGroups.sum(samples, totals);
            for (int b : samples) {
                advantages[b] = totals[b] - (sum - totals[b]) / (samples.size() - 1);
            }
        }
        return new Credit(steps.table((b, t) -> advantages[b]), StepRewards.returnsToGo(steps, episodes.rewards()));
    }
}
