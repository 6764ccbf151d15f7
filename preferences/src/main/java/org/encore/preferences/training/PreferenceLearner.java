package org.encore.preferences.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.settings.Checks;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.ParameterLayout;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.ClipReading.Caption;
import org.encore.rewards.preference.NetworkScores.Pooling;

/** A model that is trained on votes. */
public sealed interface PreferenceLearner {
    /**
     * A transformer with a scalar head, initialised from a policy, as in the paper.
     *
     * @param checkpoint directory of the policy; the paper found that training from scratch fails
     * @param reading which part of a clip the model reads
     * @param pooling how the outputs of all steps become one score; the paper does not say
     * @param training settings of the training
     * @param every updates between two measurements on held-out votes
     * @param checkpointEvery updates between two checkpoints
     * @param compute parallelism and memory
     */
    record Network(
            Path checkpoint,
            ClipReading reading,
            Pooling pooling,
            Training training,
            int every,
            int checkpointEvery,
            Compute compute)
            implements PreferenceLearner {
        public Network {
            Checks.atLeast("every", every, 1);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
        }

        /** A network that starts from the shipped base. */
        public static Network defaults() {
            return new Network(
                    Path.of("checkpoints/etudes-small"),
                    ClipReading.defaults(),
                    Pooling.MEAN,
                    Training.defaults(),
                    50,
                    200,
                    Compute.defaults());
        }

        /** The same with another start. */
        public Network started(Start start) {
            Training other = new Training(
                    training.steps, training.batch, training.optimiser, training.schedule, training.trained, start);
            return new Network(checkpoint, reading, pooling, other, every, checkpointEvery, compute);
        }

        /** The same with another reading. */
        public Network reading(ClipReading otherReading) {
            return new Network(checkpoint, otherReading, pooling, training, every, checkpointEvery, compute);
        }

        /** The same with another policy. */
        public Network from(Path otherCheckpoint) {
            return new Network(otherCheckpoint, reading, pooling, training, every, checkpointEvery, compute);
        }
    }

    /**
     * A linear model of measures of the piece, for votes on few clips.
     *
     * <p>Its accuracy is estimated by cross-validation over clips; the regularisation strength is chosen by an inner
     * cross-validation.
     *
     * @param folds folds of the cross-validation
     * @param repeats repetitions of the cross-validation with new random folds
     * @param strengths regularisation strengths to choose from, each above 0: the prior precision of a weight, in votes
     * @param replicates without effect, because intervals are no longer drawn; older configurations may have it
     */
    record Measures(int folds, int repeats, List<Double> strengths, int replicates) implements PreferenceLearner {
        public Measures {
            strengths = List.copyOf(strengths);
            Checks.atLeast("folds", folds, 2);
            Checks.atLeast("repeats", repeats, 1);
            Checks.atLeast("replicates", replicates, 100);
            if (strengths.isEmpty() || !strengths.stream().allMatch(each -> each > 0.0 && Double.isFinite(each))) {
                throw new IllegalArgumentException(
                        "strengths is " + strengths + ", but must hold finite numbers above 0");
            }
        }

        /** Five folds, dealt ten times. */
        public static Measures defaults() {
            return new Measures(5, 10, List.of(3.0, 10.0, 30.0, 100.0, 300.0, 1000.0), 1000);
        }
    }

    /**
     * Settings of the training of a network.
     *
     * @param steps number of updates; 0 fits the head alone
     * @param batch pairs per update on average, in whole bundles of pairs that share clips; the paper's 32 pairs share
     *     none
     * @param optimiser settings of AdamW; the paper does not give them
     * @param schedule schedule of the learning rate
     * @param trained parts of the network that are trained
     * @param start initial weights of the trunk
     */
    record Training(
            int steps,
            int batch,
            AdamW.Settings optimiser,
            Schedule schedule,
            List<ParameterLayout.Part> trained,
            Start start) {
        public Training {
            Checks.atLeast("steps", steps, 0);
            Checks.atLeast("batch", batch, 1);
            trained = List.copyOf(trained);
            if (trained.isEmpty()) {
                throw new IllegalArgumentException("trained is empty, but must name a part of the network");
            }
        }

        /** 600 updates of 32 pairs, about one pass over 20,000 pairs. */
        public static Training defaults() {
            return new Training(
                    600,
                    32,
                    new AdamW.Settings(3e-4, 0.9, 0.95, 1e-8, 0.01, 1.0),
                    new Schedule.Cosine(50, 0.1),
                    List.of(ParameterLayout.Part.values()),
                    Start.POLICY);
        }
    }

    /** Initial weights of the trunk. */
    enum Start {
        /** The trunk of {@code checkpoint}, as in the paper. */
        POLICY,
        /** Random weights, for comparison. */
        SCRATCH
    }

    /**
     * Parallelism and memory.
     *
     * @param shards parts of a batch that are computed in parallel; results depend on it
     * @param microBatch most clips per forward pass, and so per bundle of votes
     */
    record Compute(int shards, int microBatch) {
        public Compute {
            Checks.atLeast("shards", shards, 1);
            Checks.atLeast("microBatch", microBatch, 2); // the clips of a pair stay together
        }

        /** Two shards, eight clips a pass. */
        public static Compute defaults() {
            return new Compute(2, 8);
        }
    }

    /**
     * Configuration of {@code preferences train}.
     *
     * @param seed seed of the training
     * @param pairs the votes
     * @param learner kind of model, and its training
     */
    record PreferenceTrainSettings(long seed, Pairs pairs, PreferenceLearner learner) {
        /**
         * The votes of a training.
         *
         * @param train training votes: a file of votes or a database
         * @param heldOut votes on other clips and prompts to measure on; required for a network, while measures are
         *     cross-validated
         * @param minListeningSeconds least listening time of each clip; other votes are left out
         */
        public record Pairs(Path train, Optional<Path> heldOut, double minListeningSeconds) {
            public Pairs {
                Checks.atLeast("minListeningSeconds", minListeningSeconds, 0.0);
            }

            /** All votes of the files that {@code preferences simulate} writes. */
            public static Pairs defaults() {
                return new Pairs(Path.of("runs/pairs/train.jsonl"), Optional.empty(), 0.0);
            }
        }

        public PreferenceTrainSettings {
            if (learner instanceof PreferenceLearner.Network && pairs.heldOut().isEmpty()) {
                throw new IllegalArgumentException(
                        "pairs.heldOut is absent, but a network is measured on votes that it is not trained on: name"
                                + " them");
            }
        }

        /** Measures, which need no held-out votes. */
        public static PreferenceTrainSettings defaults() {
            return new PreferenceTrainSettings(1, Pairs.defaults(), PreferenceLearner.Measures.defaults());
        }
    }

    /** The ablations of figure 6 of the paper: networks that each lack one part, trained with the same settings. */
    final class Ablation {
        private static final double[] SECONDS = {10.0, 5.0};

        private Ablation() {}

        /**
         * One network of the ablations.
         *
         * @param name name of its directory
         * @param description short description
         * @param network settings of the network
         */
        public record Variant(String name, String description, Network network) {}

        /** The full network and its ablations. */
        public static List<Variant> of(Network full) {
            ClipReading reading = full.reading();
            return List.of(
                    new Variant("full", "from the policy, caption and clip", full),
                    new Variant(
                            "scratch", "from scratch, caption and clip", full.started(PreferenceLearner.Start.SCRATCH)),
                    new Variant(
                            "no-caption",
                            "from the policy, clip alone",
                            full.reading(new ClipReading(Caption.HIDDEN, reading.seconds()))),
                    cropped(full, SECONDS[0]),
                    cropped(full, SECONDS[1]));
        }

        private static Variant cropped(Network full, double seconds) {
            long whole = Math.round(seconds);
            return new Variant(
                    "first-" + whole + "-s",
                    "from the policy, caption and the first " + whole + " s",
                    full.reading(new ClipReading(full.reading().caption(), seconds)));
        }
    }
}
