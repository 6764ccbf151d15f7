package org.encore.trainer.objective;

/** Turns returns into the loss of the value network and its derivative by each value. */
public sealed interface ValueObjective permits SquaredError, ClippedSquaredError {
    /**
     * Computes loss and gradient of a batch or of a part of one.
     *
     * @param batch the samples
     * @param stepsInBatch N, the number of valid steps in the whole batch, of which this may be a part
     */
    ValueLoss evaluate(ValueBatch batch, int stepsInBatch);

    /** The objective of the MusicRL paper. */
    static ValueObjective defaults() {
        return SquaredError.defaults();
    }
}
