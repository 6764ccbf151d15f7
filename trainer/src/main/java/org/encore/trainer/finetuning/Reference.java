package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.base.files.Manifest;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport.StepSums;

/** The frozen model that the divergence is measured from. */
final class Reference {
    private final Replicas replicas;
    private final Workspaces workspaces;
    private final double inverseTemperature;
    private final List<List<Tensor>> kept = new ArrayList<>();

    /**
     * Where a reference came from.
     *
     * @param path the model's directory
     * @param sha256 of the weights when they were loaded; the file may be another one by the time of a checkpoint
     */
    record Origin(Path path, String sha256) {
        /** Looks at the weights of a directory. */
        static Origin of(Path path) throws IOException {
            return new Origin(path, Manifest.sha256(path.resolve(ModelDirectory.WEIGHTS)));
        }
    }

    /**
     * What the reference says about a micro-batch.
     *
     * @param rows log-probabilities of all codes, for each codebook {@code [N, V]}; valid until the shard's next call
     * @param logProbs log-probability of each step, summed over its codebooks, {@code [B, T]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Opinion(List<Tensor> rows, double[][] logProbs) {}

    Reference(Replicas replicas, Workspaces workspaces, double temperature) {
        this.replicas = replicas;
        this.workspaces = workspaces;
        this.inverseTemperature = 1.0 / temperature;
        int vocabulary = replicas.model().config().decoder().vocabulary();
        BatchShape capacity = workspaces.capacity();
        for (int i = 0; i < replicas.shards().count(); i++) {
            List<Tensor> buffers = new ArrayList<>();
            for (int k = 0; k < replicas.model().config().decoder().codebooks(); k++) {
                buffers.add(replicas.shards().kernels(i).allocate(1, capacity.rows() * vocabulary));
            }
            kept.add(buffers);
        }
    }

    /** Asks about a micro-batch, in its shard; uses the shard's workspace and leaves it to the next user. */
    Opinion about(int shard, CodeBatcher.MicroBatch microBatch) {
        MusicTransformer model = replicas.model(shard);
        Kernels kernels = model.kernels();
        BatchShape shape = microBatch.batch().shape();
        model.forward(workspaces.of(shard), microBatch.batch().inputs());
        List<Tensor> logits = model.logits(workspaces.of(shard), shape);
        List<Tensor> rows = new ArrayList<>();
        List<RowStatistics> statistics = new ArrayList<>();
        for (int k = 0; k < logits.size(); k++) {
            RowStatistics each = new RowStatistics(shape.rows());
            kernels.policyRows(
                    logits.get(k), inverseTemperature, microBatch.batch().targets()[k], null, each);
            Tensor copy =
                    kept.get(shard).get(k).slice(0, shape.rows(), logits.get(k).columns());
            kernels.copy(logits.get(k), copy);
            rows.add(copy);
            statistics.add(each);
        }
        return new Opinion(rows, StepSums.of(microBatch, statistics, RowStatistics::logProbs));
    }

    /** Log-probability of each step of all micro-batches, for penalties in the reward. */
    List<double[][]> logProbs(List<CodeBatcher.MicroBatch> microBatches) {
        return Learner.overMicroBatches(replicas, microBatches, (shard, microBatch) -> about(shard, microBatch)
                .logProbs());
    }
}
