package org.encore.rewards.trained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.encore.base.files.InvalidFileException;
import org.encore.music.corpus.Split;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.networks.Network.Weight;
import org.encore.run.Progress;
import org.encore.run.Training;

/**
 * A kind of learned reward: how it is trained, loaded and measured. The record itself is the reward's settings in
 * configurations and holds the directory of a trained reward.
 */
public interface RewardKind extends RewardSpec {
    /** Fewest clips of a measurement; fewer give no meaningful metrics. */
    int FEWEST_CLIPS = 10;

    /** The name of the kind in {@code reward.json} and in configurations. */
    String name();

    /** The directory of the trained reward. */
    Path model();

    /** Whether a score depends on the caption. */
    boolean readsCaptions();

    /** Whether {@link #evaluate} uses completions of a policy. */
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
     * Measures the reward on held-out data.
     *
     * @param clips number of clips, at least {@value #FEWEST_CLIPS}
     * @param split which held-out clips
     * @param policy generates completions for held-out prompts
     */
    RewardReport evaluate(RewardDirectory directory, int clips, Split split, PolicySamples policy, Progress progress)
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
        /** The kind of reward that is trained. */
        RewardKind kind();

        /** Seed of the training. */
        long seed();

        /**
         * Creates the training.
         *
         * @param progress reports the extraction of features before the first step
         */
        RewardTrainer trainer(Progress progress);
    }

    /** The training of a reward, as {@link org.encore.run.TrainingLoop} runs it. */
    interface RewardTrainer extends Training {
        /** The reward after the last step. */
        TrainedReward trained();
    }

    /** Generates completions of a policy for held-out prompts, on which rewards are measured. */
    @FunctionalInterface
    interface PolicySamples {
        /** Generates one completion for each of the first {@code count} held-out prompts. */
        List<Sample> generate(int count) throws IOException;
    }

    /**
     * Metrics of a reward.
     *
     * @param metrics by name, in this order; values that JSON can represent
     * @param table the same as Markdown
     */
    record RewardReport(Map<String, Object> metrics, String table) {
        public RewardReport {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }

    /**
     * A trained reward.
     *
     * @param kind the name of its {@link RewardKind}
     * @param title the first line of its card
     * @param settings everything but the weights that is needed to load it; a record that Jackson can write and read
     * @param provenance data, seed and settings of the training
     * @param weights the trained weights
     */
    record TrainedReward(
            String kind, String title, Record settings, Map<String, Object> provenance, List<Weight> weights) {
        public TrainedReward {
            provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
            weights = List.copyOf(weights);
        }

        /** The same with one more entry of provenance. */
        public TrainedReward with(String fact, Object value) {
            Map<String, Object> facts = new LinkedHashMap<>(provenance);
            facts.put(fact, value);
            return new TrainedReward(kind, title, settings, facts, weights);
        }
    }
}
