package org.encore.evaluation.likelihood;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/**
 * The exact divergence KL(policy || reference) along completions of the policy.
 *
 * @param perCode mean over all codes, in nats
 * @param perSequence mean over sequences of the sum over a sequence's codes, in nats
 */
public record Divergence(double perCode, double perSequence) {
    /** Computes the divergence at temperature 1. */
    public static Divergence of(
            Replicas policy, Replicas reference, Workspaces workspaces, List<CodeBatcher.MicroBatch> microBatches) {
        return of(byShard(policy, reference, workspaces, microBatches), microBatches);
    }

    /** The sum over the codes of each shard's micro-batches, in nats: micro-batch j is of shard j modulo their number. */
    public static List<Double> byShard(
            Replicas policy, Replicas reference, Workspaces workspaces, List<CodeBatcher.MicroBatch> microBatches) {
        int shards = policy.shards().count();
        return policy.shards().run(shard -> {
            double sum = 0;
            for (int j = shard; j < microBatches.size(); j += shards) {
                sum += sum(policy.model(shard), reference.model(shard), workspaces.of(shard), microBatches.get(j));
            }
            return sum;
        });
    }

    /** The divergence from the sums of all shards. */
    public static Divergence of(List<Double> sums, List<CodeBatcher.MicroBatch> microBatches) {
        double total = sums.stream().mapToDouble(Double::doubleValue).sum();
        int codes = microBatches.stream()
                .mapToInt(microBatch -> microBatch.batch().targetCount())
                .sum();
        int sequences = microBatches.stream()
                .mapToInt(microBatch -> microBatch.members().length)
                .sum();
        return new Divergence(total / codes, total / sequences);
    }

    private static double sum(
            MusicTransformer policy,
            MusicTransformer reference,
            Activations activations,
            CodeBatcher.MicroBatch microBatch) {
        Kernels kernels = policy.kernels();
        List<float[]> kept = new ArrayList<>();
        int[][] targets = microBatch.batch().targets();
        List<Tensor> logits = reference.logits(activations, microBatch.batch().inputs());
        reference.forward(activations, microBatch.batch().inputs());
        for (int k = 0; k < targets.length; k++) {
            kernels.policyRows(logits.get(k), 1.0, targets[k], null, new RowStatistics(targets[k].length));
            kept.add(kernels.readFloats(logits.get(k)));
        }
        policy.forward(activations, microBatch.batch().inputs());
        double sum = 0;
        for (int k = 0; k < targets.length; k++) {
            kernels.policyRows(logits.get(k), 1.0, targets[k], null, new RowStatistics(targets[k].length));
            sum += sum(kernels.readFloats(logits.get(k)), kept.get(k), targets[k]);
        }
        return sum;
    }

    /** Σ p (log p - log r) over the rows that count. */
    private static double sum(float[] logProbs, float[] referenceLogProbs, int[] targets) {
        int columns = logProbs.length / targets.length;
        double sum = 0;
        for (int row = 0; row < targets.length; row++) {
            if (targets[row] >= 0) {
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    sum += Math.exp(logProbs[i]) * ((double) logProbs[i] - referenceLogProbs[i]);
                }
            }
        }
        return sum;
    }
}
