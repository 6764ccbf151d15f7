package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/** What a value objective is computed from; checked when it is made. */
public final class ValueBatch {
    private final ValidSteps steps;
    private final double[][] values;
    private final double[][] valuesAtSampling;
    private final double[][] returns;

    /**
     * Takes the tables without copying.
     *
     * @param steps which entries are valid
     * @param values what the network expects now, in units of reward
     * @param valuesAtSampling what it expected when the samples were credited; equal before the first update
     * @param returns what it should have expected
     * @shape values, valuesAtSampling and returns {@code [B, S]}
     */
    public ValueBatch(ValidSteps steps, double[][] values, double[][] valuesAtSampling, double[][] returns) {
        this.steps = steps;
        this.values = steps.require("values", values);
        this.valuesAtSampling = steps.require("valuesAtSampling", valuesAtSampling);
        this.returns = steps.require("returns", returns);
    }

    ValidSteps steps() {
        return steps;
    }

    /** How far the value has moved since the samples were credited. */
    double move(int b, int t) {
        return values[b][t] - valuesAtSampling[b][t];
    }

    /** How far the value is above the return. */
    double error(int b, int t) {
        return values[b][t] - returns[b][t];
    }

    /** How far the value was above the return when the samples were credited. */
    double errorAtSampling(int b, int t) {
        return valuesAtSampling[b][t] - returns[b][t];
    }
}
