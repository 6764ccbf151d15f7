package org.encore.evaluation.likelihood;

import java.util.List;
import org.encore.model.decoding.CodeBatch;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/** The mean negative log-probability of known codes. */
public final class Likelihood {
    private Likelihood() {}

    private record Sum(double nats, int codes) {}

    /** Nats a code over all micro-batches: the sum of all losses by the number of all codes. */
    public static double lossPerCode(Replicas replicas, Workspaces workspaces, List<CodeBatcher.Part> parts) {
        int shards = replicas.shards().count();
        List<Sum> sums = replicas.shards().run(shard -> {
            Sum sum = new Sum(0, 0);
            for (int j = shard; j < parts.size(); j += shards) {
                Sum part = sum(replicas.model(shard), workspaces.of(shard), parts.get(j));
                sum = new Sum(sum.nats() + part.nats(), sum.codes() + part.codes());
            }
            return sum;
        });
        double nats = sums.stream().mapToDouble(Sum::nats).sum();
        return nats / sums.stream().mapToInt(Sum::codes).sum();
    }

    /**
     * The log-probability of every code of a micro-batch, in nats.
     *
     * @return {@code [K][B * T]}, NaN in rows without a code
     */
    static double[][] logProbs(MusicTransformer model, Activations activations, CodeBatch batch) {
        Kernels kernels = model.kernels();
        model.forward(activations, batch.inputs());
        List<Tensor> logits = model.logits(activations, batch.shape());
        double[][] logProbs = new double[logits.size()][];
        for (int k = 0; k < logits.size(); k++) {
            int[] targets = batch.targets()[k];
            RowStatistics statistics = new RowStatistics(targets.length);
            kernels.policyRows(logits.get(k), 1.0, targets, null, statistics);
            logProbs[k] = statistics.logProbs();
        }
        return logProbs;
    }

    private static Sum sum(MusicTransformer model, Activations activations, CodeBatcher.Part part) {
        double[][] logProbs = logProbs(model, activations, part.batch());
        double nats = 0;
        for (int k = 0; k < logProbs.length; k++) {
            int[] targets = part.batch().targets()[k];
            for (int row = 0; row < targets.length; row++) {
                nats -= targets[row] >= 0 ? logProbs[k][row] : 0.0;
            }
        }
        return new Sum(nats, part.batch().targetCount());
    }
}
