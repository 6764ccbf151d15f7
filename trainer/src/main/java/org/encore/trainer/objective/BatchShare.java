package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/** The factor that makes losses of parts add up to the mean over the steps of a whole batch. */
final class BatchShare {
    private BatchShare() {}

    static double of(double weight, ValidSteps part, int stepsInBatch) {
        if (stepsInBatch < part.total()) {
            throw new IllegalArgumentException("stepsInBatch is " + stepsInBatch + ", but this part of the batch has "
                    + part.total() + " valid steps alone");
        }
        return weight / stepsInBatch;
    }
}
