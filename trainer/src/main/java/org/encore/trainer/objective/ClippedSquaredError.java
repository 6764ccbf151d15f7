package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/**
 * Fits values to returns, but not further than a range from what they were at sampling.
 *
 * <p>Loss of a step: {@code max((V - R)², (V_old + clip(V - V_old, -c, c) - R)²) / N}; the gradient is 0 where the
 * second term is the larger one, because there it does not depend on V.
 *
 * @param clipRange c, how far a value may move before its gradient is cut, in units of reward, above 0
 * @paper Schulman et al. 2017, <a href="https://arxiv.org/abs/1707.06347">arXiv 1707.06347</a>, as in the authors' code
 */
public record ClippedSquaredError(double clipRange) implements ValueObjective {
    public ClippedSquaredError {
        if (!(clipRange > 0.0 && clipRange < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("clipRange is " + clipRange + ", but must be above 0 and finite");
        }
    }

    /** The range of the authors' code, made for rewards of order 1. */
    public static ClippedSquaredError defaults() {
        return new ClippedSquaredError(0.2);
    }

    @Override
    public ValueLoss evaluate(ValueBatch batch, int stepsInBatch) {
        ValidSteps steps = batch.steps();
        double scale = BatchShare.of(1.0, steps, stepsInBatch);
        double[][] losses = steps.table((b, t) -> scale * Math.max(plain(batch, b, t), clipped(batch, b, t)));
        double[][] gradients = steps.table(
                (b, t) -> clipped(batch, b, t) > plain(batch, b, t) ? 0.0 : scale * 2.0 * batch.error(b, t));
        return new ValueLoss(losses, steps.sum(losses), gradients);
    }

    private static double plain(ValueBatch batch, int b, int t) {
        return batch.error(b, t) * batch.error(b, t);
    }

    private double clipped(ValueBatch batch, int b, int t) {
        if (Math.abs(batch.move(b, t)) <= clipRange) {
            return plain(batch, b, t);
        }
        double error = batch.errorAtSampling(b, t) + Math.copySign(clipRange, batch.move(b, t));
        return error * error;
    }
}
