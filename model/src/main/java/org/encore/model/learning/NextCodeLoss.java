package org.encore.model.learning;

import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.RowCoefficients;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/**
 * Mean negative log-probability of the next code; keeps each micro-batch's share of the batch's loss.
 *
 * @param codesInBatch codes of the whole batch, by which the sum is divided
 */
public record NextCodeLoss(int codesInBatch) implements Loss<Double> {
    @Override
    public Double gradient(int shard, CodeBatcher.Part part, MusicTransformer model, Activations activations) {
        List<Tensor> logits = model.logits(activations, part.batch().shape());
        double nats = 0;
        for (int k = 0; k < logits.size(); k++) {
            int[] targets = part.batch().targets()[k];
            RowStatistics statistics = new RowStatistics(targets.length);
            RowCoefficients coefficients = new RowCoefficients(targets.length);
            model.kernels().policyRows(logits.get(k), 1.0, targets, null, statistics);
            for (int row = 0; row < targets.length; row++) {
                if (targets[row] >= 0) {
                    nats -= statistics.logProbs()[row];
                    coefficients.byLogProb()[row] = -1.0 / codesInBatch;
                }
            }
            model.kernels().policyRowsGradient(logits.get(k), 1.0, targets, null, statistics, coefficients);
        }
        return nats / codesInBatch;
    }
}
