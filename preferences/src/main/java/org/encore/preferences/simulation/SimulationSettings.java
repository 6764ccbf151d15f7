package org.encore.preferences.simulation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.settings.Checks;

/**
 * A simulated collection of votes.
 *
 * @param seed decides everything random: clips, raters and their votes
 * @param clips what is generated
 * @param population how raters are drawn
 * @param role whether they are listeners to learn from or judges
 * @param votes what they are asked
 * @param raters the file {@code raters.json} of an earlier simulation, to use the same scale; absent to set one up
 */
public record SimulationSettings(
        long seed,
        Clips clips,
        Population.Settings population,
        Population.Role role,
        Votes votes,
        Optional<Path> raters) {
    /**
     * What is generated.
     *
     * @param checkpoints the models, at least one; each generates clips for every prompt
     * @param prompts captions to generate for
     * @param clipsPerPrompt clips of each checkpoint for a prompt, at least 1
     * @param temperatures of sampling, used in turn, so that clips differ in quality; each at least 0
     * @param maxFrames the longest clip
     */
    public record Clips(
            List<Path> checkpoints, Prompts prompts, int clipsPerPrompt, List<Double> temperatures, int maxFrames) {
        public Clips {
            checkpoints = List.copyOf(checkpoints);
            temperatures = List.copyOf(temperatures);
            Checks.atLeast("clipsPerPrompt", clipsPerPrompt, 1);
            Checks.atLeast("maxFrames", maxFrames, 1);
            if (checkpoints.isEmpty()) {
                throw new IllegalArgumentException("checkpoints is empty, but must name a model");
            }
            if (temperatures.isEmpty() || !temperatures.stream().allMatch(each -> each >= 0.0 && each <= 10.0)) {
                throw new IllegalArgumentException(
                        "temperatures is " + temperatures + ", but must hold numbers in [0, 10]");
            }
        }

        /** The shipped base on 500 prompts, 8 clips each. */
        public static Clips defaults() {
            return new Clips(
                    List.of(Path.of("checkpoints/etudes-small")), Prompts.defaults(), 8, List.of(0.8, 1.0, 1.2), 256);
        }

        /** Clips in all. */
        public int count() {
            return prompts.count() * clipsPerPrompt * checkpoints.size();
        }
    }

    /**
     * Captions of the études that are the prompts.
     *
     * @param part which captions
     * @param first number of the first, at least 0; from 1,000,000 on no training of ours has used those of training
     * @param count how many, at least 1
     * @param corpusSeed seed of the études
     */
    public record Prompts(Part part, int first, int count, long corpusSeed) {
        public Prompts {
            Checks.atLeast("count", count, 1);
            if (first < 0 || first > Integer.MAX_VALUE - count) {
                throw new IllegalArgumentException("first is " + first + ", but must lie in [0, 2^31 - 1 - count]");
            }
        }

        /** 500 captions as training has them. */
        public static Prompts defaults() {
            return new Prompts(Part.TRAINING, 1_000_000, 500, 1);
        }
    }

    /** Which captions are the prompts. */
    public enum Part {
        /** As training has them. */
        TRAINING,
        /** Combinations of training in wordings that no training caption has. */
        TUNING,
        /** Combinations and wordings that neither training nor tuning has. */
        HELD_OUT
    }

    /**
     * What raters are asked.
     *
     * @param pairs votes in all
     * @param agreement share of strict votes that go to the clip which the population's mean taste prefers, in (0.5, 1): the
     *     ceiling of any model; without effect if {@code raters} names a scale
     * @param tieShare share of ties among votes on clips of equal utility, in [0, 1)
     * @param heldOutShare share of the prompts whose votes go to the held-out file, in [0, 1)
     * @param pairing which clips meet
     */
    public record Votes(int pairs, double agreement, double tieShare, double heldOutShare, Pairing pairing) {
        public Votes {
            Checks.atLeast("pairs", pairs, 1);
            Checks.openInterval("agreement", agreement, 0.5, 1.0);
            Checks.rightOpenInterval("tieShare", tieShare, 0.0, 1.0);
            Checks.rightOpenInterval("heldOutShare", heldOutShare, 0.0, 1.0);
        }

        /** 20,000 votes at 75 % agreement, a tenth of the prompts held out. */
        public static Votes defaults() {
            return new Votes(20_000, 0.75, 0.1, 0.1, Pairing.WITHIN);
        }
    }

    /** Which clips of a prompt meet. */
    public enum Pairing {
        /** Any two. */
        WITHIN,
        /** Two of different checkpoints: a comparison of these. */
        ACROSS
    }

    public SimulationSettings {
        if (votes.pairing() == Pairing.ACROSS && clips.checkpoints().size() < 2) {
            throw new IllegalArgumentException("votes.pairing is across, but there is one checkpoint: name two");
        }
        if (votes.pairing() == Pairing.WITHIN
                && clips.clipsPerPrompt() * clips.checkpoints().size() < 2) {
            throw new IllegalArgumentException("clips.clipsPerPrompt is 1, but a pair needs two clips of a prompt");
        }
    }

    /** Listeners of the shipped base. */
    public static SimulationSettings defaults() {
        return new SimulationSettings(
                1,
                Clips.defaults(),
                Population.Settings.defaults(),
                Population.Role.LISTENERS,
                Votes.defaults(),
                Optional.empty());
    }
}
