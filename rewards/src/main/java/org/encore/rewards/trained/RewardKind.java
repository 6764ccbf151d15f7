package org.encore.rewards.trained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.networks.Network.Weight;
import org.encore.run.Progress;
import org.encore.run.Training;

/**
 * A kind of learned reward: a record with the directory that a training has written, the settings of the reward in
 * configurations. How it is trained, how it comes from the directory, and what is measured of it.
 */
public interface RewardKind extends RewardSpec {
    /** With fewer clips no figure means anything. */
    int FEWEST_CLIPS = 10;

    /** What {@code reward.json} and configurations call it. */
    String name();

    /** The directory that a training has written. */
    Path model();

    /** Whether a score depends on the caption. */
    boolean readsCaptions();

    /** Whether {@link #evaluate} measures it on pieces of a policy. */
    boolean usesPolicySamples();

    /** The settings of its training: a record that is a {@link RewardTraining}. */
    Class<? extends Record> training();

    /**
     * Builds the reward of a directory.
     *
     * @param id its name in metrics
     * @throws InvalidFileException if the directory does not hold what it must
     */
    RewardModel open(String id, RewardDirectory directory) throws IOException;

    /**
     * Measures the reward on data that training never saw.
     *
     * @param clips how many clips, at least {@value #FEWEST_CLIPS}
     * @param policy generates pieces for held-out prompts
     */
    RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, Progress progress)
            throws IOException;

    @Override
    RewardKind located(UnaryOperator<Path> locate);

    @Override
    default void requireUsable(String id) {
        RewardDirectory.open(model()).requireKind(name());
    }

    @Override
    default RewardModel reward(String id) {
        try {
            return open(id, RewardDirectory.open(model()));
        } catch (IOException e) {
            throw new InvalidFileException(model(), "cannot be read: " + e.getMessage(), e);
        }
    }

    /** The settings of a training. */
    interface RewardTraining {
        /** What is trained. */
        RewardKind kind();

        /** Decides everything random. */
        long seed();

        /**
         * Prepares the training.
         *
         * @param progress is told about the extraction of features, which comes before the first step
         */
        RewardTrainer trainer(Progress progress);
    }

    /** The training of a reward, as {@link org.encore.run.TrainingLoop} runs it. */
    interface RewardTrainer extends Training {
        /** The reward as it is after the last step. */
        TrainedReward trained();
    }

    /** Generates what rewards are measured on: pieces of a policy for prompts that no training saw. */
    @FunctionalInterface
    interface PolicySamples {
        /** Generates a piece for each of the first held-out prompts. */
        List<Sample> generate(int count) throws IOException;
    }

    /**
     * What was measured of a reward.
     *
     * @param metrics for programs, in this order; values that JSON can hold
     * @param table the same for people, in Markdown
     */
    record RewardReport(Map<String, Object> metrics, String table) {
        public RewardReport {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }

    /**
     * A reward as training leaves it.
     *
     * @param kind the name of its {@link RewardKind}
     * @param title the first line of its card
     * @param settings everything that is needed to make it again from its weights; a record that Jackson can write and read
     * @param provenance what it was made from: data, seed, numbers of steps
     * @param weights what was learned
     */
    record TrainedReward(
            String kind, String title, Record settings, Map<String, Object> provenance, List<Weight> weights) {
        public TrainedReward {
            provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
            weights = List.copyOf(weights);
        }

        /** The same with one more fact about what it was made from. */
        public TrainedReward with(String fact, Object value) {
            Map<String, Object> facts = new LinkedHashMap<>(provenance);
            facts.put(fact, value);
            return new TrainedReward(kind, title, settings, facts, weights);
        }
    }
}
