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
    /** Updates in a row whose gradient is not finite before a run is given up. */
    public static final int PATIENCE = 3;

    private final String name;
    private final Replicas replicas;
    private final Workspaces workspaces;
    private final Settings settings;
    private final AdamW optimiser;
    private final List<Parameters> gradients = new ArrayList<>();
    private final IntConsumer addPasses = this::addPasses;
    private List<CodeBatcher.MicroBatch> addedParts = List.of();
    private Loss<?> addedLoss;
    private int skippedInARow;

    /**
     * How a model learns.
     *
     * @param optimiser numbers of AdamW
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
     * What an update did.
     *
     * @param gradNorm norm of the gradient before clipping
     * @param learningRate rate that was applied
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
        double squares = model().kernels().sumOfSquares(model().parameters().flat());
        if (!Double.isFinite(squares)) {
            throw new DivergedException(
                    "the weights of the " + name + " are no longer finite, so they were not written");
        }
    }

    /** Adds the gradients of micro-batches; returns what the loss kept, in their order. */
    public <R> List<R> accumulate(List<CodeBatcher.MicroBatch> microBatches, Loss<R> loss) {
        return overParts(replicas, microBatches, (shard, microBatch) -> pass(shard, microBatch, loss));
    }

    /** {@link #accumulate} for a loss that keeps nothing here; allocates nothing once all shapes have occurred. */
    public void add(List<CodeBatcher.MicroBatch> microBatches, Loss<?> loss) {
        addedParts = microBatches;
        addedLoss = loss;
        replicas.shards().each(addPasses);
    }

    private void addPasses(int shard) {
        for (int j = shard; j < addedParts.size(); j += gradients.size()) {
            pass(shard, addedParts.get(j), addedLoss);
        }
    }

    /** Forward, loss, backward. */
    private <R> R pass(int shard, CodeBatcher.MicroBatch microBatch, Loss<R> loss) {
        MusicTransformer model = replicas.model(shard);
        Activations activations = workspaces.of(shard);
        loss.prepare(shard, microBatch);
        model.forward(activations, microBatch.batch().inputs());
        R kept = loss.gradient(shard, microBatch, model, activations);
        if (settings.trained().contains(ParameterLayout.Part.TEXT_ENCODER)) {
            model.backward(activations, microBatch.batch().inputs(), gradients.get(shard));
        } else {
            model.backwardWithoutText(activations, microBatch.batch().inputs(), gradients.get(shard));
        }
        return kept;
    }

    /** Something done to each micro-batch in its shard. */
    @FunctionalInterface
    public interface PartTask<R> {
        R apply(int shard, CodeBatcher.MicroBatch microBatch);
    }

    /** Runs micro-batch j in shard j modulo the number of shards; results are in the order of the micro-batches. */
    public static <R> List<R> overParts(
            Replicas replicas, List<CodeBatcher.MicroBatch> microBatches, PartTask<R> task) {
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

    /** The norm of what was accumulated, over all that is trained; forgets it. */
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

    /** Forgets what was accumulated. */
    public void discard() {
        for (int i = 0; i < gradients.size(); i++) {
            replicas.model().kernels().fill(gradients.get(i).flat(), 0.0);
        }
    }

    /**
     * Updates the weights by what was accumulated, and clears it.
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
                    + " updates in a row after " + optimiser.step() + " sound ones; lower its learning rate");
        }
        return new Update(norm, settings.optimiser().learningRate() * factor, !finite);
    }

    /**
     * What a micro-batch is worth, and its gradient.
     *
     * @param <R> what is kept of a micro-batch
     */
    @FunctionalInterface
    public interface Loss<R> {
        /** Called in the shard before the model's pass, while its workspace is free: the place to ask another model. */
        default void prepare(int shard, CodeBatcher.MicroBatch microBatch) {}

        /**
         * Reads what the model put out and leaves the gradient of the loss in its place.
         *
         * @param shard the shard this runs in, for buffers of its own
         * @param microBatch the micro-batch the model has just seen
         * @param model the model, in this shard
         * @param activations where its logits or scalars are
         */
        R gradient(int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations);
    }
}
