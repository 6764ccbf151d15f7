package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport.StepSums;

/** The frozen model from which the KL is measured. */
final class Reference {
    private final Replicas replicas;
    private final Workspaces workspaces;
    private final double inverseTemperature;
    private final double guidanceScale;
    private final List<List<Tensor>> kept = new ArrayList<>();

    /**
     * The output of the reference for a micro-batch.
     *
     * @param rows log-probabilities of all codes, {@code [N, V]} for each codebook; valid until the next call of the shard
     * @param logProbs log-probability of each step, summed over codebooks, {@code [B, T]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Output(List<Tensor> rows, double[][] logProbs) {}

    /** Allocates for passes of up to {@code capacity}. */
    Reference(Replicas replicas, Workspaces workspaces, BatchShape capacity, double temperature, double guidanceScale) {
        this.replicas = replicas;
        this.workspaces = workspaces;
        this.inverseTemperature = 1.0 / temperature;
        this.guidanceScale = guidanceScale;
        int vocabulary = replicas.model().config().decoder().vocabulary();
        for (int i = 0; i < replicas.shards().count(); i++) {
            List<Tensor> buffers = new ArrayList<>();
            for (int k = 0; k < replicas.model().config().decoder().codebooks(); k++) {
                buffers.add(replicas.shards().kernels(i).allocate(1, capacity.rows() * vocabulary));
            }
            kept.add(buffers);
        }
    }

    /** Runs the reference on a micro-batch; overwrites the workspace of the shard. */
    Output evaluate(int shard, CodeBatcher.MicroBatch microBatch) {
        return evaluate(shard, microBatch, guidanceScale);
    }

    private Output evaluate(int shard, CodeBatcher.MicroBatch microBatch, double guidance) {
        MusicTransformer model = replicas.model(shard);
        Kernels kernels = model.kernels();
        BatchShape shape = microBatch.batch().shape();
        ModelBatch in = microBatch.batch().inputs().guided(guidance);
        model.forward(workspaces.of(shard), in);
        List<Tensor> logits = model.logits(workspaces.of(shard), in);
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
        return new Output(rows, StepSums.of(microBatch, statistics, RowStatistics::logProbs));
    }

    /** Log-probabilities of the steps of all micro-batches, for a KL penalty in the reward. */
    List<double[][]> logProbs(List<CodeBatcher.MicroBatch> microBatches) {
        return Learner.overMicroBatches(replicas, microBatches, (shard, microBatch) -> evaluate(shard, microBatch)
                .logProbs());
    }

    /** {@link #logProbs} without guidance: of a batch whose text is hidden, the null condition alone. */
    List<double[][]> unguidedLogProbs(List<CodeBatcher.MicroBatch> microBatches) {
        return Learner.overMicroBatches(replicas, microBatches, (shard, microBatch) -> evaluate(shard, microBatch, 1.0)
                .logProbs());
    }

    /** Whether a prompt makes a difference. */
    boolean readsText() {
        return replicas.model().config().readsText();
    }
}
