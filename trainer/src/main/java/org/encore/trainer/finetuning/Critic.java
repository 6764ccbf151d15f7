package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.Learner;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.rewards.mixture.Mixture;
import org.encore.trainer.finetuning.Workers.Cut;

/**
 * What predicts the return at every step, and learns from the returns. It decides and updates; what grows with the samples is
 * computed by the {@link Workers} it is given.
 */
sealed interface Critic permits TrunkCritic, ReaderCritic {
    /**
     * Predicts the return before each step.
     *
     * @param cut the samples of {@code scored}
     * @param rewards in the state of the iteration, for critics that read scores of beginnings
     * @throws DivergedException if a value is not finite
     * @shape result {@code [B, T]}
     */
    double[][] values(Workers workers, Rollouts scored, Cut cut, Mixture rewards);

    /**
     * Learns once an iteration, from all samples that {@link #values} was last asked about, and perhaps from earlier ones.
     *
     * @return empty if this critic learns by {@link #fit}
     * @shape returns {@code [B, T]}
     */
    default Optional<Fit> learn(double[][] returns) {
        return Optional.empty();
    }

    /**
     * Learns from one mini-batch of the policy.
     *
     * @param cut its samples; members are their indices in the iteration
     * @param valuesAtSampling what {@link #values} gave
     * @param stepsInBatch M, the valid steps of all micro-batches
     * @return empty if this critic learns by {@link #learn}
     * @shape valuesAtSampling and returns {@code [B, T]}
     */
    default Optional<Fit> fit(
            Workers workers, Cut cut, double[][] valuesAtSampling, double[][] returns, int stepsInBatch) {
        return Optional.empty();
    }

    /**
     * Called before the values of the first iteration, so that the first prediction is the mean return and not 0. A reader that
     * knows a scale of returns ignores it.
     *
     * @param returns of whole samples, {@code [B]}
     */
    void startAt(double[] returns);

    /**
     * Writes weights, moments and all other state of the next update.
     *
     * @param reference origin of the reference
     * @param saved receives what is not a tensor
     */
    void save(Origin reference, Path directory, ObjectNode saved) throws IOException;

    /** Restores what {@link #save} wrote; {@code file} is where {@code saved} was read from. */
    void load(Path directory, JsonNode saved, Path file) throws IOException;

    /**
     * The result of an update.
     *
     * @param loss before the update, in squared units of reward
     * @param update gradient norm and learning rate
     */
    record Fit(double loss, Learner.Update update) {}
}
