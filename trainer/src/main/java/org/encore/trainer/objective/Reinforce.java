package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/**
 * Makes actions likelier in proportion to their advantage: the policy gradient.
 *
 * <p>Loss of a step: {@code -w log π(a_t|s_t) A_t / N}; gradient: {@code -w A_t / N}. The paper sums over the steps of
 * a clip; the division by N is ours and only sets the scale of the learning rate. Exact for samples of the policy
 * itself; for the second update on the same samples prefer {@link ClippedSurrogate}, which corrects for the difference.
 *
 * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>;
 *     Williams 1992
 */
public record Reinforce() implements PolicyObjective {
    /** The only value. */
    public static Reinforce defaults() {
        return new Reinforce();
    }

    @Override
    public PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch) {
        ValidSteps steps = batch.steps();
        double scale = BatchShare.of(weight, steps, stepsInBatch);
        double[][] losses = steps.table((b, t) -> -scale * batch.logProbs()[b][t] * batch.advantages()[b][t]);
        double[][] gradients = steps.table((b, t) -> -scale * batch.advantages()[b][t]);
        return new PolicyLoss(
                losses, steps.sum(losses), gradients, PolicyFigures.of(batch, (b, t) -> 0.0, stepsInBatch));
    }
}
