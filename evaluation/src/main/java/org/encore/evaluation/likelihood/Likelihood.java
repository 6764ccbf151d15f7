package org.encore.evaluation.likelihood;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.encore.model.decoding.CodeBatch;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/** The mean negative log-likelihood of known codes. */
public final class Likelihood {
    private Likelihood() {}

    /**
     * Sums over known codes.
     *
     * @param nats negative log-probabilities of the codes that count
     * @param codes number of codes that count
     * @param uncountedNats negative log-probabilities of the codes that do not
     */
    public record Sums(double nats, long codes, double uncountedNats) implements Serializable {
        private static final Sums NONE = new Sums(0, 0, 0);

        /** The sum of those of all shards, in their order. */
        public static Sums of(List<Sums> byShard) {
            return byShard.stream().reduce(NONE, Sums::plus);
        }

        /** Mean over the codes that count, in nats. */
        public double perCode() {
            return nats / codes;
        }

        /** Nats of all codes over the number of those that count. */
        public double perCodeWithUncounted() {
            return (nats + uncountedNats) / codes;
        }

        private Sums plus(Sums other) {
            return new Sums(nats + other.nats, codes + other.codes, uncountedNats + other.uncountedNats);
        }
    }

    /** Nats per code over all micro-batches: the sum of all losses over the number of all codes. */
    public static double lossPerCode(
            Replicas replicas, Workspaces workspaces, List<CodeBatcher.MicroBatch> microBatches) {
        return sums(replicas, workspaces, microBatches, OptionalInt.empty()).perCode();
    }

    /**
     * Sums over all micro-batches.
     *
     * @param uncounted a code that is known but does not count, if there is one
     */
    public static Sums sums(
            Replicas replicas,
            Workspaces workspaces,
            List<CodeBatcher.MicroBatch> microBatches,
            OptionalInt uncounted) {
        return Sums.of(byShard(replicas, workspaces, microBatches, uncounted));
    }

    /**
     * Sums over all micro-batches for each codebook; {@link Sums#of} adds them up.
     *
     * @param uncounted a code that is known but does not count, if there is one
     * @return one for each codebook, the first refined by the others
     */
    public static List<Sums> byCodebook(
            Replicas replicas,
            Workspaces workspaces,
            List<CodeBatcher.MicroBatch> microBatches,
            OptionalInt uncounted) {
        int shards = replicas.shards().count();
        List<List<Sums>> byShard = replicas.shards().run(shard -> {
            List<Sums> sum = new ArrayList<>();
            for (int j = shard; j < microBatches.size(); j += shards) {
                List<Sums> next =
                        codebooks(replicas.model(shard), workspaces.of(shard), microBatches.get(j), uncounted);
                for (int k = 0; k < next.size(); k++) {
                    if (k < sum.size()) {
                        sum.set(k, sum.get(k).plus(next.get(k)));
                    } else {
                        sum.add(next.get(k));
                    }
                }
            }
            return sum;
        });
        List<Sums> all = new ArrayList<>();
        for (int k = 0; k < byShard.get(0).size(); k++) {
            int codebook = k;
            all.add(Sums.of(byShard.stream()
                    .filter(each -> !each.isEmpty())
                    .map(each -> each.get(codebook))
                    .toList()));
        }
        return all;
    }

    /** Sums over the micro-batches of each shard, all codes counted: micro-batch j is of shard j modulo their number. */
    public static List<Sums> byShard(
            Replicas replicas, Workspaces workspaces, List<CodeBatcher.MicroBatch> microBatches) {
        return byShard(replicas, workspaces, microBatches, OptionalInt.empty());
    }

    private static List<Sums> byShard(
            Replicas replicas,
            Workspaces workspaces,
            List<CodeBatcher.MicroBatch> microBatches,
            OptionalInt uncounted) {
        int shards = replicas.shards().count();
        return replicas.shards().run(shard -> {
            Sums sum = Sums.NONE;
            for (int j = shard; j < microBatches.size(); j += shards) {
                sum = sum.plus(sums(replicas.model(shard), workspaces.of(shard), microBatches.get(j), uncounted));
            }
            return sum;
        });
    }

    /**
     * The log-probability of every code of a micro-batch, in nats.
     *
     * @return {@code [K][B * T]}, NaN in rows without a code
     */
    static double[][] logProbs(MusicTransformer model, Activations activations, CodeBatch batch) {
        Kernels kernels = model.kernels();
        model.forward(activations, batch.inputs());
        List<Tensor> logits = model.logits(activations, batch.inputs());
        double[][] logProbs = new double[logits.size()][];
        for (int k = 0; k < logits.size(); k++) {
            int[] targets = batch.targets()[k];
            RowStatistics statistics = new RowStatistics(targets.length);
            kernels.policyRows(logits.get(k), 1.0, targets, null, statistics);
            logProbs[k] = statistics.logProbs();
        }
        return logProbs;
    }

    private static Sums sums(
            MusicTransformer model, Activations activations, CodeBatcher.MicroBatch microBatch, OptionalInt uncounted) {
        return Sums.of(codebooks(model, activations, microBatch, uncounted));
    }

    private static List<Sums> codebooks(
            MusicTransformer model, Activations activations, CodeBatcher.MicroBatch microBatch, OptionalInt uncounted) {
        double[][] logProbs = logProbs(model, activations, microBatch.batch());
        int without = uncounted.orElse(DelayPattern.NO_TARGET);
        List<Sums> sums = new ArrayList<>();
        for (int k = 0; k < logProbs.length; k++) {
            int[] targets = microBatch.batch().targets()[k];
            double nats = 0;
            long codes = 0;
            double uncountedNats = 0;
            for (int row = 0; row < targets.length; row++) {
                if (targets[row] == DelayPattern.NO_TARGET) {
                    continue;
                }
                if (targets[row] == without) {
                    uncountedNats -= logProbs[k][row];
                } else {
                    nats -= logProbs[k][row];
                    codes++;
                }
            }
            sums.add(new Sums(nats, codes, uncountedNats));
        }
        return sums;
    }
}
