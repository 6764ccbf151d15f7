package org.encore.trainer.credit;

import java.util.List;
import org.encore.trainer.steps.StepRewards;
import org.encore.trainer.steps.ValidSteps;

/**
 * Measures each sample in standard deviations from the mean of its prompt's samples (GRPO).
 *
 * <p>{@code A = (R_i - mean(R)) / (sd(R) + epsilon)}, the same at every step, with R as in {@link LeaveOneOut}. The
 * paper does not say which standard deviation; this is the sample's (divisor k-1). Prompts on which all samples score
 * nearly alike count as much as those that tell samples apart: that is the known price of the division.
 *
 * @param epsilon added to the standard deviation, in units of reward, above 0; large ones approach a mean baseline,
 *     small ones magnify differences that are mere rounding
 * @paper Shao et al. 2024, DeepSeekMath, section 4.1, <a href="https://arxiv.org/abs/2402.03300">arXiv 2402.03300</a>
 */
public record GroupNormalised(double epsilon) implements AdvantageEstimator {
    public GroupNormalised {
        if (!(epsilon > 0.0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", but must be above 0 and finite");
        }
    }

    /** Our choice of epsilon: small beside rewards of order 1. */
    public static GroupNormalised defaults() {
        return new GroupNormalised(1e-4);
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
            double mean = SampleGroups.sum(samples, totals) / samples.size();
            double squares = 0.0;
            for (int b : samples) {
                squares += (totals[b] - mean) * (totals[b] - mean);
            }
            double deviation = Math.sqrt(squares / (samples.size() - 1));
            for (int b : samples) {
                advantages[b] = (totals[b] - mean) / (deviation + epsilon);
            }
        }
        return new Credit(steps.table((b, t) -> advantages[b]), StepRewards.returnsToGo(steps, episodes.rewards()));
    }
}
