package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/**
 * Fits values to returns: {@code (R - V)² / N} a step, without the factor 1/2 that other implementations put before it.
 *
 * @paper Cideron et al. 2024, MusicRL, the value loss, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record SquaredError() implements ValueObjective {
    /** The only value. */
    public static SquaredError defaults() {
        return new SquaredError();
    }

    @Override
    public ValueLoss evaluate(ValueBatch batch, int stepsInBatch) {
        ValidSteps steps = batch.steps();
        double scale = BatchShare.of(1.0, steps, stepsInBatch);
        double[][] losses = steps.table((b, t) -> scale * batch.error(b, t) * batch.error(b, t));
        double[][] gradients = steps.table((b, t) -> scale * 2.0 * batch.error(b, t));
        return new ValueLoss(losses, steps.sum(losses), gradients);
    }
}
