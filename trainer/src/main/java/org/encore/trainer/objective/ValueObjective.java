package org.encore.trainer.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.trainer.advantages.ValidSteps;

/** Computes the loss of the value network from returns, and its derivative by each value. */
public sealed interface ValueObjective {
    /**
     * Computes loss and gradient of a batch or of a micro-batch.
     *
     * @param batch the samples
     * @param stepsInBatch M, the number of valid steps in the whole batch
     */
    ValueLoss evaluate(ValueBatch batch, int stepsInBatch);

    /** The objective of the MusicRL paper. */
    static ValueObjective defaults() {
        return SquaredError.defaults();
    }

    /**
     * The squared error {@code (R - V)² / M} of each step, without the factor 1/2 of other implementations.
     *
     * @paper Cideron et al. 2024, MusicRL, the value loss, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
     */
    record SquaredError() implements ValueObjective {
        /** Has no settings. */
        public static SquaredError defaults() {
            return new SquaredError();
        }

        @Override
        public ValueLoss evaluate(ValueBatch batch, int stepsInBatch) {
            ValidSteps steps = batch.steps();
            double scale = steps.lossScale(1.0, stepsInBatch);
            double[][] losses = steps.table((b, t) -> scale * batch.error(b, t) * batch.error(b, t));
            double[][] gradients = steps.table((b, t) -> scale * 2.0 * batch.error(b, t));
            return new ValueLoss(losses, steps.sum(losses), gradients);
        }
    }

    /**
     * The squared error with clipping: no gradient once a value has moved beyond a range from its value at sampling.
     *
     * <p>Loss of a step: {@code max((V - R)², (V_old + clip(V - V_old, -c, c) - R)²) / M}; the gradient is 0 where the second
     * term is larger, because there it does not depend on V.
     *
     * @param clipRange c, how far a value may move before its gradient is clipped, in units of reward, above 0
     * @paper Schulman et al. 2017, <a href="https://arxiv.org/abs/1707.06347">arXiv 1707.06347</a>, as in the authors' code
     */
    record ClippedSquaredError(double clipRange) implements ValueObjective {
        public ClippedSquaredError {
            if (!(clipRange > 0.0 && clipRange < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("clipRange is " + clipRange + ", but must be above 0 and finite");
            }
        }

        /** The range of the authors' code, for rewards of order 1. */
        public static ClippedSquaredError defaults() {
            return new ClippedSquaredError(0.2);
        }

        @Override
        public ValueLoss evaluate(ValueBatch batch, int stepsInBatch) {
            ValidSteps steps = batch.steps();
            double scale = steps.lossScale(1.0, stepsInBatch);
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

    /** The inputs of a value objective, checked on creation. */
    final class ValueBatch {
        private final ValidSteps steps;
        private final double[][] values;
        private final double[][] valuesAtSampling;
        private final double[][] returns;

        /**
         * Takes the tables without copying.
         *
         * @param steps which entries are valid
         * @param values current values of the network, in units of reward
         * @param valuesAtSampling its values when the advantages were computed; equal before the first update
         * @param returns the targets
         * @shape values, valuesAtSampling and returns {@code [B, T]}
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

        /** How far the value has moved since the advantages were computed. */
        double move(int b, int t) {
            return values[b][t] - valuesAtSampling[b][t];
        }

        /** The value minus the return. */
        double error(int b, int t) {
            return values[b][t] - returns[b][t];
        }

        /** The value at sampling minus the return. */
        double errorAtSampling(int b, int t) {
            return valuesAtSampling[b][t] - returns[b][t];
        }
    }

    /** Loss of the value network on a batch or a micro-batch; tables are NaN after the valid steps. */
    final class ValueLoss {
        private static final int TENTHS = 10;

        private final double loss;
        private final double[][] losses;
        private final double[][] gradients;

        ValueLoss(double[][] losses, double loss, double[][] gradients) {
            this.losses = losses;
            this.loss = loss;
            this.gradients = gradients;
        }

        /** The loss: the sum of all {@link #losses()}, in squared units of reward. */
        public double loss() {
            return loss;
        }

        /**
         * The share of each step in the loss.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] losses() {
            return losses;
        }

        /**
         * Derivative of the loss by the value of each step.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] gradients() {
            return gradients;
        }

        /**
         * Explained variance: the share of the returns' variance that the values predict, {@code 1 - var(R - V) / var(R)}.
         *
         * @return at most 1; 0 is as good as a constant, negative is worse; NaN if all returns are equal
         * @shape values and returns {@code [B, T]}
         */
        public static double explainedVariance(ValidSteps steps, double[][] values, double[][] returns) {
            double variance = steps.variance(returns);
            double unexplained = steps.variance(steps.table((b, t) -> returns[b][t] - values[b][t]));
            return variance > 0.0 ? 1.0 - unexplained / variance : Double.NaN;
        }

        /**
         * The explained variance of all steps and of each tenth of the pieces, as metrics: {@code val/explained_variance}, and
         * {@code val/explained_variance_at/00} to {@code /90} for the steps from that per cent of each piece to the next ten.
         * Tenths without a step or without variance are left out.
         *
         * @shape values and returns {@code [B, T]}
         */
        public static Map<String, Double> explainedVariances(ValidSteps steps, double[][] values, double[][] returns) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("val/explained_variance", explainedVariance(steps, values, returns));
            double[][] sums = new double[TENTHS][5];
            for (int b = 0; b < steps.samples(); b++) {
                for (int t = 0; t < steps.length(b); t++) {
                    double[] sum = sums[t * TENTHS / steps.length(b)];
                    double error = returns[b][t] - values[b][t];
                    sum[0]++;
                    sum[1] += returns[b][t];
                    sum[2] += returns[b][t] * returns[b][t];
                    sum[3] += error;
                    sum[4] += error * error;
                }
            }
            for (int tenth = 0; tenth < TENTHS; tenth++) {
                double count = sums[tenth][0];
                double variance = sums[tenth][2] / count - Math.pow(sums[tenth][1] / count, 2);
                double unexplained = sums[tenth][4] / count - Math.pow(sums[tenth][3] / count, 2);
                if (count > 0 && variance > 1e-12) {
                    metrics.put("val/explained_variance_at/" + tenth + "0", 1.0 - unexplained / variance);
                }
            }
            return metrics;
        }
    }
}
