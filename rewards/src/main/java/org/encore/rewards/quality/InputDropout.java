package org.encore.rewards.quality;

import java.util.random.RandomGenerator;
import org.encore.rewards.networks.Matrix;

/**
 * Silences inputs at random and makes up for it with the others, so that an estimator cannot learn clips by heart.
 *
 * @param share of the inputs that is silenced, in [0, 1)
 * @param random decides which
 * @paper Srivastava et al. 2014, Dropout, section 10: on the inputs
 */
record InputDropout(double share, RandomGenerator random) {
    /** Changes a matrix in place. */
    void apply(Matrix matrix) {
        if (share == 0.0) {
            return;
        }
        float[] values = matrix.values();
        float factor = (float) (1.0 / (1.0 - share));
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble() < share ? 0.0f : factor * values[i];
        }
    }
}
