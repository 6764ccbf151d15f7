package org.encore.evaluation.likelihood;

import java.util.List;
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

    private static Sum sum(MusicTransformer model, Activations activations, CodeBatcher.Part part) {
        Kernels kernels = model.kernels();
        model.forward(activations, part.batch().inputs());
        List<Tensor> logits = model.logits(activations, part.batch().shape());
        double nats = 0;
        for (int k = 0; k < logits.size(); k++) {
            int[] targets = part.batch().targets()[k];
            RowStatistics statistics = new RowStatistics(targets.length);
            kernels.policyRows(logits.get(k), 1.0, targets, null, statistics);
            for (int row = 0; row < targets.length; row++) {
                nats -= targets[row] >= 0 ? statistics.logProbs()[row] : 0.0;
            }
        }
        return new Sum(nats, part.batch().targetCount());
    }
}
