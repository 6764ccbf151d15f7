package org.encore.trainer.finetuning;

import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.Learner;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.objective.ValueObjective.ValueBatch;
import org.encore.trainer.objective.ValueObjective.ValueLoss;

/** The value network: a copy of the trunk of the initial policy that learns to predict the return at every step. */
final class Critic {
    private final Learner learner;
    private final Workspaces workspaces;
    private final ValueObjective objective;

    Critic(Learner learner, Workspaces workspaces, ValueObjective objective) {
        this.learner = learner;
        this.workspaces = workspaces;
        this.objective = objective;
    }

    Learner learner() {
        return learner;
    }

    /** Predicts the return before each step: a table {@code [B, T]} for each micro-batch. */
    List<double[][]> values(List<CodeBatcher.MicroBatch> microBatches) {
        return Learner.overMicroBatches(learner.replicas(), microBatches, (shard, microBatch) -> {
            MusicTransformer model = learner.replicas().model(shard);
            model.forward(workspaces.of(shard), microBatch.batch().inputs());
            return read(microBatch, model, workspaces.of(shard));
        });
    }

    /**
     * Gathers predictions into one table of the whole batch.
     *
     * @throws DivergedException if one is not finite
     * @shape result {@code [B, T]}
     */
    static double[][] gathered(ValidSteps whole, List<CodeBatcher.MicroBatch> microBatches, List<double[][]> tables) {
        double[][] values = StepTables.gathered(whole, microBatches, tables);
        StepTables.requireFinite("value network's prediction", whole, values);
        return values;
    }

    private static double[][] read(CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        Tensor scalars = model.scalars(activations, microBatch.batch().shape());
        return StepTables.ofRows(microBatch, model.kernels().readDoubles(scalars));
    }

    /**
     * Accumulates the gradient of the value loss over all micro-batches; the loss of each.
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

    /**
     * The result of an update of the value network.
     *
     * @param loss before the update
     * @param update gradient norm and learning rate
     */
    record Fit(double loss, Learner.Update update) {}

    /** Sets the bias of the head, so that the first prediction is the mean return and not 0. */
    void startAt(double meanReturn) {
        MusicTransformer model = learner.model();
        model.kernels().fill(model.trainable().get("score.bias"), meanReturn);
        learner.changed();
    }
}
