package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Log-softmax, pick, entropy and exact KL of rows of logits, and their gradient. */
final class PortableRows {
    private final Scratch scratch;

    PortableRows(Scratch scratch) {
        this.scratch = scratch;
    }

    void statistics(
            Tensor logits,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics) {
        logits.requireTargets(targets);
        INDArray rows = NdTensor.of(logits).matrix();
        if (inverseTemperature != 1.0) {
            rows.muli(inverseTemperature);
        }
        NdTensor probs = scratch.tensor("probabilities", logits.rows(), logits.columns());
        logSoftmax(rows, probs);
        pick(NdTensor.of(logits), targets, statistics.logProbs());
        NdTensor products = scratch.tensor("weighted", logits.rows(), logits.columns());
        store(weightedSum(probs, rows, products), targets, -1.0, statistics.entropies());
        if (referenceLogProbs != null) {
            rows.subi(NdTensor.of(referenceLogProbs).matrix(), products.matrix());
            store(weightedSum(probs, products.matrix(), products), targets, 1.0, statistics.kls());
        }
    }

    /**
     * Turns rows into log-probabilities in place and fills their probabilities.
     *
     * <p>ND4J's own operation takes the logarithm of a softmax: minus infinity for codes whose probability underflows.
     */
    private void logSoftmax(INDArray rows, NdTensor probs) {
        try (INDArray max = rows.max(true, 1)) {
            NdOps.broadcast("subtract", rows, max, rows);
        }
        NdOps.exp(rows, probs.matrix());
        NdTensor sums = scratch.tensor("row sums", probs.rows(), 1);
        probs.matrix().sum(sums.vector(), 1);
        NdOps.broadcast("divide", probs.matrix(), sums.matrix(), probs.matrix());
        NdOps.log(sums.vector(), sums.vector());
        NdOps.broadcast("subtract", rows, sums.matrix(), rows);
    }

    /** {@code Σ_j probs_j x_j} of each row. */
    private double[] weightedSum(NdTensor probs, INDArray x, NdTensor products) {
        NdTensor sums = scratch.tensor("row sums", probs.rows(), 1);
        probs.matrix().muli(x, products.matrix());
        products.matrix().sum(sums.vector(), 1);
        return sums.vector().toDoubleVector();
    }

    private static void store(double[] values, int[] targets, double factor, double[] out) {
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] >= 0) {
                out[i] = factor * values[i];
            }
        }
    }

    private void pick(NdTensor logProbs, int[] targets, double[] out) {
        NdTensor picked = scratch.tensor("picked", targets.length, 1);
        try (INDArray places = Nd4j.createFromArray(places(targets, logProbs.columns()))) {
            NdOps.gather(logProbs.vector(), places, picked.vector());
        }
        store(picked.vector().toDoubleVector(), targets, 1.0, out);
    }

    /** Position of each row's target in the flat matrix; rows without a target point at their first code. */
    private static long[] places(int[] targets, int columns) {
        long[] places = new long[targets.length];
        for (int i = 0; i < targets.length; i++) {
            places[i] = (long) i * columns + Math.max(targets[i], 0);
        }
        return places;
    }

    void gradient(
            Tensor logProbs,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics,
            RowCoefficients by) {
        logProbs.requireTargets(targets);
        int n = targets.length;
        double[] ownFactor = new double[n];
        double[] klFactor = new double[n];
        double[] shift = new double[n];
        double[] picked = new double[n];
        for (int i = 0; i < n; i++) {
            if (targets[i] >= 0) {
                double kl = referenceLogProbs == null ? 0.0 : by.byKl()[i];
                double entropy = by.byEntropy()[i];
                klFactor[i] = inverseTemperature * kl;
                ownFactor[i] = inverseTemperature * (kl - entropy);
                double klTerm = kl == 0.0 ? 0.0 : kl * statistics.kls()[i];
                double entropyTerm = entropy == 0.0 ? 0.0 : entropy * statistics.entropies()[i];
                picked[i] = inverseTemperature * by.byLogProb()[i];
                shift[i] = -picked[i] - inverseTemperature * (klTerm + entropyTerm);
            }
        }
        NdTensor gradient = scratch.tensor("weighted", n, logProbs.columns());
        combine(NdTensor.of(logProbs), NdTensor.of(referenceLogProbs), gradient, new double[][] {
            ownFactor, klFactor, shift
        });
        try (INDArray places = Nd4j.createFromArray(places(targets, logProbs.columns()));
                INDArray amounts = column(picked)) {
            NdOps.scatterAdd(gradient.vector(), places, amounts.reshape(n));
        }
        NdTensor.of(logProbs).matrix().assign(gradient.matrix());
    }

    /** {@code out = p * (own * logp - kl * logr + shift)} with factors by row. */
    private void combine(NdTensor logProbs, NdTensor reference, NdTensor out, double[][] factors) {
        NdTensor probs = scratch.tensor("probabilities", out.rows(), out.columns());
        NdOps.exp(logProbs.matrix(), probs.matrix());
        try (INDArray own = column(factors[0]);
                INDArray kl = column(factors[1]);
                INDArray shift = column(factors[2])) {
            NdOps.broadcast("multiply", logProbs.matrix(), own, out.matrix());
            if (reference != null) {
                NdTensor term = scratch.tensor("reference term", out.rows(), out.columns());
                NdOps.broadcast("multiply", reference.matrix(), kl, term.matrix());
                out.matrix().subi(term.matrix());
            }
            NdOps.broadcast("add", out.matrix(), shift, out.matrix());
        }
        out.matrix().muli(probs.matrix());
    }

    private INDArray column(double[] values) {
        try (INDArray host = Nd4j.createFromArray(values)) {
            INDArray column = Nd4j.create(scratch.type(), values.length, 1);
            column.assign(host.reshape(values.length, 1));
            return column;
        }
    }
}
