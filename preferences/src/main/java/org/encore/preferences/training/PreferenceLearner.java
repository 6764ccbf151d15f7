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

/** What learns from votes. */
public sealed interface PreferenceLearner {
    /**
     * A copy of a policy's trunk with a scalar head, as the paper has it.
     *
     * @param checkpoint the policy it begins from; the paper found that nothing is learned from scratch
     * @param reading what it reads of a clip
     * @param pooling how the numbers of all steps become a score; the paper does not say
     * @param training how it learns
     * @param every steps between two measurements on held-out votes
     * @param checkpointEvery steps between two checkpoints
     * @param compute how the work is spread
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

        /** From the base that ships. */
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

        /** The same with another beginning. */
        public Network started(Start start) {
            Training other = new Training(
                    training.steps, training.batch, training.optimiser, training.schedule, training.trained, start);
            return new Network(checkpoint, reading, pooling, other, every, checkpointEvery, compute);
        }

        /** The same, shown something else. */
        public Network reading(ClipReading otherReading) {
            return new Network(checkpoint, otherReading, pooling, training, every, checkpointEvery, compute);
        }

        /** The same, begun from another policy. */
        public Network from(Path otherCheckpoint) {
            return new Network(otherCheckpoint, reading, pooling, training, every, checkpointEvery, compute);
        }
    }

    /**
     * A weighted sum of measures of the piece, for votes on few clips.
     *
     * <p>Clips are cut into folds; each fold is predicted by weights learned from all others. The strength of the
     * regularisation is chosen by another cross-validation within those others.
     *
     * @param folds how many, at least 2
     * @param repeats how often clips are dealt into folds anew, at least 1
     * @param strengths of the regularisation to choose from, each above 0: the prior precision of a weight, in votes
     * @param replicates of the bootstrap behind the interval, at least 100
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
     * How a network learns.
     *
     * @param steps updates; 0 fits the head alone
     * @param batch pairs in an update, on average: as many bundles of votes on common clips as come nearest; the
     *     paper's 32 are pairs that share no clip
     * @param optimiser numbers of AdamW; the paper does not give them
     * @param schedule how the learning rate changes over all steps
     * @param trained parts of the network that learn
     * @param start what its weights are before the first update
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

    /** What a network begins with. */
    enum Start {
        /** The trunk of the policy's checkpoint, as the paper has it. */
        POLICY,
        /** Random weights, to see what the policy's are worth. */
        SCRATCH
    }

    /**
     * How the work is spread.
     *
     * @param shards parts of a batch that are computed side by side; results depend on it
     * @param microBatch the most clips of one pass: votes on this many clips are taken together
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
     * A reward learned from votes.
     *
     * @param seed decides everything random in the training
     * @param pairs the votes to learn from
     * @param learner what learns from them, and how
     */
    record PreferenceTrainSettings(long seed, Pairs pairs, PreferenceLearner learner) {
        /**
         * Which votes.
         *
         * @param train a file of votes or a database
         * @param heldOut votes on other clips and prompts, to measure with; nothing is learned from them. A network needs them;
         *     measures are cross-validated instead
         * @param minListeningSeconds only votes of raters who heard each clip for this long
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
                        "pairs.heldOut is absent, but a network is measured on votes that it does not learn from: name"
                                + " them");
            }
        }

        /** Measures, which need no held-out votes. */
        public static PreferenceTrainSettings defaults() {
            return new PreferenceTrainSettings(1, Pairs.defaults(), PreferenceLearner.Measures.defaults());
        }
    }

    /** Networks that each lack one thing, after figure 6 of the paper; all are trained with the same settings. */
    final class Ablation {
        private static final double[] SECONDS = {10.0, 5.0};

        private Ablation() {}

        /**
         * A network with something left out.
         *
         * @param name fit for a directory
         * @param description in a few words
         * @param network how it is trained
         */
        public record Variant(String name, String description, Network network) {}

        /** The network itself, and what is compared with it. */
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
