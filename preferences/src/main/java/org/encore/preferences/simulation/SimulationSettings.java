package org.encore.preferences.simulation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.settings.Checks;

/**
 * Configuration of simulated votes.
 *
 * @param seed seed of clips, raters and votes
 * @param clips the clips to generate
 * @param population distribution of the raters
 * @param role whether the votes are for training or for evaluation
 * @param votes number and distribution of the votes
 * @param raters file {@code raters.json} of an earlier simulation whose scale is used; a new one is fitted if absent
 */
public record SimulationSettings(
        long seed,
        Clips clips,
        Population.Settings population,
        Population.Role role,
        Votes votes,
        Optional<Path> raters) {
    /**
     * The clips to generate.
     *
     * @param checkpoints directories of the models; each generates clips for every prompt
     * @param prompts the prompts
     * @param clipsPerPrompt clips per checkpoint and prompt
     * @param temperatures sampling temperatures in [0, 10], used in turn, so that clips differ in quality
     * @param maxFrames longest clip, in frames; cut to what the model has positions for
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

        /** Total number of clips. */
        public int count() {
            return prompts.count() * clipsPerPrompt * checkpoints.size();
        }
    }

    /**
     * The captions of études that are the prompts.
     *
     * @param part part of the corpus
     * @param first number of the first; no shipped model was trained on numbers from 1,000,000 on
     * @param count number of prompts
     * @param corpusSeed seed of the études
     */
    public record Prompts(Part part, int first, int count, long corpusSeed) {
        public Prompts {
            Checks.atLeast("count", count, 1);
            if (first < 0 || first > Integer.MAX_VALUE - count) {
                throw new IllegalArgumentException("first is " + first + ", but must lie in [0, 2^31 - 1 - count]");
            }
        }

        /** 500 captions of the training part. */
        public static Prompts defaults() {
            return new Prompts(Part.TRAINING, 1_000_000, 500, 1);
        }
    }

    /** Part of the corpus. */
    public enum Part {
        /** Captions of the training part. */
        TRAINING,
        /** Combinations of the training part, in wordings of their own. */
        TUNING,
        /** Combinations and wordings of neither the training nor the tuning part: the development prompts. */
        HELD_OUT,
        /** As held out, but the test prompts, for final figures. */
        TEST
    }

    /**
     * Number and distribution of the votes.
     *
     * @param pairs total number of votes
     * @param agreement share of strict votes for the clip that the population's mean taste prefers, which is the
     *     highest possible accuracy of a model; without effect if {@code raters} is given
     * @param tieShare share of ties among votes on clips of equal utility
     * @param heldOutShare share of the prompts whose votes are held out
     * @param pairing which clips of a prompt are compared
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

    /** Which clips of a prompt are compared. */
    public enum Pairing {
        /** Any two clips. */
        WITHIN,
        /** Two clips of different checkpoints. */
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

    /** Votes of listeners on clips of the shipped base. */
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
