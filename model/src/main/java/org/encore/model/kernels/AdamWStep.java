package org.encore.model.kernels;

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2).
 *
 * @param learningRate step size, after the schedule
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay decoupled decay, at least 0; multiplied by the learning rate
 * @param step number of this step, from 1, for the bias correction
 * @param gradientScale factor on the gradient before anything else: global-norm clipping
 */
public record AdamWStep(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        long step,
        double gradientScale) {
    /** The factor that removes the first moment's bias towards zero. */
    public double firstCorrection() {
        return 1.0 / (1.0 - StrictMath.pow(beta1, (double) step));
    }

    /** The factor that removes the second moment's bias towards zero. */
    public double secondCorrection() {
        return 1.0 / (1.0 - StrictMath.pow(beta2, (double) step));
    }
}
