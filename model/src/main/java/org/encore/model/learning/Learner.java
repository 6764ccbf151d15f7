package org.encore.model.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.Parameters;

/** One model, its gradient and its optimiser. */
public final class Learner {
    /** Updates in a row with a gradient that is not finite after which a run stops. */
    public static final int PATIENCE = 3;

    private final String name;
    private final Replicas replicas;
    private final Workspaces workspaces;
    private final Settings settings;
    private final AdamW optimiser;
    private final List<Parameters> gradients = new ArrayList<>();
    private final IntConsumer addPasses = this::addPasses;
    private List<CodeBatcher.MicroBatch> addedMicroBatches = List.of();
    private Loss<?> addedLoss;
    private int skippedInARow;

    /**
     * Settings of a learner.
     *
     * @param optimiser settings of AdamW
     * @param schedule of the learning rate
     * @param trained parts of the model that change
     * @param totalUpdates updates of the whole run, for the schedule
     */
    public record Settings(
            AdamW.Settings optimiser, Schedule schedule, List<ParameterLayout.Part> trained, long totalUpdates) {
        public Settings {
            trained = List.copyOf(trained);
        }
    }

    /**
     * The result of an update.
     *
     * @param gradNorm norm of the gradient before clipping
     * @param learningRate the applied rate
     * @param skipped true if the gradient was not finite and nothing changed
     */
    public record Update(double gradNorm, double learningRate, boolean skipped) {}

    /** Starts with moments of zero; {@code name} is for messages. */
    public Learner(String name, Replicas replicas, Workspaces workspaces, Settings settings) {
        this.name = name;
        this.replicas = replicas;
        this.workspaces = workspaces;
        this.settings = settings;
        this.optimiser = new AdamW(replicas.model(), settings.optimiser(), settings.trained());
        for (int i = 0; i < replicas.shards().count(); i++) {
            gradients.add(replicas.model(i).zerosLike());
        }
    }

    public AdamW optimiser() {
        return optimiser;
    }

    public MusicTransformer model() {
        return replicas.model();
    }

    public Replicas replicas() {
        return replicas;
    }

    /** Updates since the last one whose gradient was finite. */
    int skippedInARow() {
        return skippedInARow;
    }

    void restoreSkippedInARow(int updates) {
        skippedInARow = updates;
    }

    /**
     * Checks the weights before they are written.
     *
     * @throws DivergedException if one is not finite
     */
    void requireFiniteWeights() {
        double squares = model().kernels().sumOfSquares(model().trainable().flat());
        if (!Double.isFinite(squares)) {
            throw new DivergedException(
                    "the weights of the " + name + " are no longer finite, so they were not written");
        }
    }

    /** Adds the gradients of micro-batches; returns the results of the loss, in their order. */
    public <R> List<R> accumulate(List<CodeBatcher.MicroBatch> microBatches, Loss<R> loss) {
        return overMicroBatches(replicas, microBatches, (shard, microBatch) -> pass(shard, microBatch, loss));
    }

    /** {@link #accumulate} for a loss without results; allocates nothing once all shapes have occurred. */
    public void add(List<CodeBatcher.MicroBatch> microBatches, Loss<?> loss) {
        addedMicroBatches = microBatches;
        addedLoss = loss;
        replicas.shards().each(addPasses);
    }

    private void addPasses(int shard) {
        for (int j = shard; j < addedMicroBatches.size(); j += gradients.size()) {
            pass(shard, addedMicroBatches.get(j), addedLoss);
        }
    }

    /** Forward, loss, backward. */
    private <R> R pass(int shard, CodeBatcher.MicroBatch microBatch, Loss<R> loss) {
        MusicTransformer model = replicas.model(shard);
        Activations activations = workspaces.of(shard);
        loss.prepare(shard, microBatch);
        model.forward(activations, microBatch.batch().inputs());
        R kept = loss.gradient(shard, microBatch, model, activations);
        if (settings.trained().contains(ParameterLayout.Part.TEXT_ENCODER)
                && model.lora().isEmpty()) {
            model.backward(activations, microBatch.batch().inputs(), gradients.get(shard));
        } else {
            model.backwardWithoutText(activations, microBatch.batch().inputs(), gradients.get(shard));
        }
        return kept;
    }

    /** A function of a micro-batch in its shard. */
    @FunctionalInterface
    public interface MicroBatchTask<R> {
        R apply(int shard, CodeBatcher.MicroBatch microBatch);
    }

    /** Runs micro-batch j in shard j modulo the number of shards; results are in the order of the micro-batches. */
    public static <R> List<R> overMicroBatches(
            Replicas replicas, List<CodeBatcher.MicroBatch> microBatches, MicroBatchTask<R> task) {
        int shards = replicas.shards().count();
        List<List<R>> byShard = replicas.shards().run(shard -> {
            List<R> own = new ArrayList<>();
            for (int j = shard; j < microBatches.size(); j += shards) {
                own.add(task.apply(shard, microBatches.get(j)));
            }
            return own;
        });
        List<R> results = new ArrayList<>();
        for (int j = 0; j < microBatches.size(); j++) {
            results.add(byShard.get(j % shards).get(j / shards));
        }
        return results;
    }

    /** Returns the norm of the accumulated gradient of the trained parts, and clears it. */
    public double discardForNorm() {
        double norm = optimiser.gradientNorm(total());
        discard();
        return norm;
    }

    /** The first shard's gradient, to which those of the others have been added. */
    private Parameters total() {
        Parameters total = gradients.get(0);
        for (int i = 1; i < gradients.size(); i++) {
            replicas.model().kernels().add(gradients.get(i).flat(), total.flat());
        }
        return total;
    }

    /** Clears the accumulated gradient. */
    public void discard() {
        for (int i = 0; i < gradients.size(); i++) {
            replicas.model().kernels().fill(gradients.get(i).flat(), 0.0);
        }
    }

    /** The accumulated gradient in 64 bits, in the layout of the trainable parameters, for checks; clears it. */
    public double[] takeWideGradient() {
        double[] gradient = replicas.model().kernels().readDoubles(total().flat());
        discard();
        return gradient;
    }

    /**
     * Updates the weights with the accumulated gradient, and clears it.
     *
     * @throws DivergedException if the gradient was not finite {@link #PATIENCE} times in a row
     */
    public Update update() {
        double norm = optimiser.gradientNorm(total());
        double factor = settings.schedule().factor(optimiser.step() + 1, settings.totalUpdates());
        boolean finite = Double.isFinite(norm);
        if (finite) {
            optimiser.update(gradients.get(0), norm, factor);
            skippedInARow = 0;
        } else {
            skippedInARow++;
        }
        discard();
        if (skippedInARow >= PATIENCE) {
            throw new DivergedException("the gradient of the " + name + " was " + norm + " in " + PATIENCE
                    + " updates in a row after " + optimiser.step() + " finite ones; lower its learning rate");
        }
        return new Update(norm, settings.optimiser().learningRate() * factor, !finite);
    }

    /**
     * A loss of a micro-batch, with its gradient.
     *
     * @param <R> result for a micro-batch
     */
    @FunctionalInterface
    public interface Loss<R> {
        /** Called in the shard before the model's pass, while its workspace is free, for example to run another model. */
        default void prepare(int shard, CodeBatcher.MicroBatch microBatch) {}

        /**
         * Reads the outputs of the model and overwrites them with the gradient of the loss.
         *
         * @param shard the shard, for its own buffers
         * @param microBatch the micro-batch of the last forward pass
         * @param model the model, in this shard
         * @param activations buffers with its logits or scalars
         */
        R gradient(int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations);
    }
}
