package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.rewards.mixture.Mixture;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.Workers.Cut;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.objective.ValueObjective.ValueBatch;
import org.encore.trainer.objective.ValueObjective.ValueLoss;

/** The value network: a copy of the trunk of the initial policy that learns to predict the return at every step. */
final class TrunkCritic implements Critic {
    private final Learner learner;
    private final Workspaces workspaces;
    private final ValueObjective objective;

    TrunkCritic(Learner learner, Workspaces workspaces, ValueObjective objective) {
        this.learner = learner;
        this.workspaces = workspaces;
        this.objective = objective;
    }

    Learner learner() {
        return learner;
    }

    @Override
    public double[][] values(Workers workers, Rollouts scored, Cut cut, Mixture unused) {
        return gathered(scored.steps(), cut.microBatches(), workers.values(cut));
    }

    /** Gathers predictions into one table of the whole batch; each must be finite. */
    static double[][] gathered(ValidSteps whole, List<CodeBatcher.MicroBatch> microBatches, List<double[][]> tables) {
        double[][] values = StepTables.gathered(whole, microBatches, tables);
        StepTables.requireFinite("value network's prediction", whole, values);
        return values;
    }

    /** For workers: predicts the return before each step, a table {@code [B, T]} for each micro-batch. */
    List<double[][]> values(List<CodeBatcher.MicroBatch> microBatches) {
        return Learner.overMicroBatches(learner.replicas(), microBatches, (shard, microBatch) -> {
            MusicTransformer model = learner.replicas().model(shard);
            model.forward(workspaces.of(shard), microBatch.batch().inputs());
            return read(microBatch, model, workspaces.of(shard));
        });
    }

    private static double[][] read(CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        Tensor scalars = model.scalars(activations, microBatch.batch().shape());
        return StepTables.ofRows(microBatch, model.kernels().readDoubles(scalars));
    }

    @Override
    public Optional<Fit> fit(
            Workers workers, Cut cut, double[][] valuesAtSampling, double[][] returns, int stepsInBatch) {
        return Optional.of(update(workers.accumulateValue(cut, valuesAtSampling, returns, stepsInBatch)));
    }

    /**
     * For workers: accumulates the gradient of the value loss over all micro-batches; the loss of each.
     *
     * @param stepsInBatch M, the valid steps of all micro-batches
     */
    List<Double> accumulate(
            List<CodeBatcher.MicroBatch> microBatches,
            double[][] valuesAtSampling,
            double[][] returns,
            int stepsInBatch) {
        return learner.accumulate(microBatches, (shard, microBatch, model, activations) -> {
            double[][] values = read(microBatch, model, activations);
            ValueBatch batch = new ValueBatch(
                    StepTables.steps(microBatch),
                    values,
                    StepTables.rows(microBatch, valuesAtSampling),
                    StepTables.rows(microBatch, returns));
            ValueLoss loss = objective.evaluate(batch, stepsInBatch);
            Tensor scalars = model.scalars(activations, microBatch.batch().shape());
            model.kernels().write(scalars, StepTables.toRows(microBatch, loss.gradients()));
            return loss.loss();
        });
    }

    /** Updates with what was accumulated. */
    Fit update(List<Double> losses) {
        double loss = losses.stream().mapToDouble(Double::doubleValue).sum();
        return new Fit(loss, learner.update());
    }

    @Override
    public void startAt(double[] returns) {
        MusicTransformer model = learner.model();
        model.kernels()
                .fill(
                        model.trainable().get("score.bias"),
                        Arrays.stream(returns).average().orElseThrow());
        learner.changed();
    }

    @Override
    public void save(Origin reference, Path directory, ObjectNode saved) throws IOException {
        LearnerFiles.save(learner, learner.model().lora().map(lora -> reference), directory, saved);
    }

    @Override
    public void load(Path directory, JsonNode saved, Path file) throws IOException {
        LearnerFiles.load(learner, directory, saved, file);
    }
}
