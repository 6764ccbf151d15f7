package org.encore.model.learning;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner.Loss;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/**
 * Mean negative log-probability of the next code. One object serves all batches of a learner, and keeps its buffers: {@link
 * #begin} a batch, let the learner {@link Learner#add} it, read its {@link #value}.
 */
public final class NextCodeLoss implements Loss<Void> {
    private final RowStatistics[] statistics;
    private final RowCoefficients[] coefficients;
    private final double[] nats;
    private int codesInBatch;

    /** For a learner with a number of shards. */
    public NextCodeLoss(int shards) {
        this.statistics = new RowStatistics[shards];
        this.coefficients = new RowCoefficients[shards];
        this.nats = new double[shards];
    }

    /**
     * Begins a batch.
     *
     * @param codes number of codes of the whole batch, the divisor of the sum
     */
    public NextCodeLoss begin(int codes) {
        codesInBatch = codes;
        Arrays.fill(nats, 0);
        return this;
    }

    /** The loss of the micro-batches added since the batch began, in nats. */
    public double value() {
        double sum = 0;
        for (double each : nats) {
            sum += each;
        }
        return sum / codesInBatch;
    }

    @Override
    public Void gradient(
            int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        List<Tensor> logits = model.logits(activations, microBatch.batch().inputs());
        int rows = microBatch.batch().shape().rows();
        if (statistics[shard] == null || statistics[shard].rows() != rows) {
            statistics[shard] = new RowStatistics(rows);
            coefficients[shard] = new RowCoefficients(rows);
        }
        for (int k = 0; k < logits.size(); k++) {
            gradient(shard, microBatch.batch().targets()[k], model.kernels(), logits.get(k));
        }
        return null;
    }

    private void gradient(int shard, int[] targets, Kernels kernels, Tensor logits) {
        RowStatistics rows = statistics[shard];
        RowCoefficients by = coefficients[shard];
        rows.clear();
        by.clear();
        kernels.policyRows(logits, 1.0, targets, null, rows);
        for (int row = 0; row < targets.length; row++) {
            if (targets[row] >= 0) {
                nats[shard] -= rows.logProbs()[row];
                by.byLogProb()[row] = -1.0 / codesInBatch;
            }
        }
        kernels.policyRowsGradient(logits, 1.0, targets, null, rows, by);
    }
}
