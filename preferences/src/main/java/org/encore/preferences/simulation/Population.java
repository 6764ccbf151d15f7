package org.encore.preferences.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.text.Prompt;

/**
 * A population of simulated raters with individual tastes.
 *
 * @param names names of the raters
 * @param weights weight of each taste for each rater, {@code [raters][tastes]}
 */
public record Population(List<String> names, List<List<Double>> weights) {
    /** Role of a population. */
    public enum Role {
        /** Raters whose votes are training data. */
        LISTENERS,
        /** Other raters, whose votes are for evaluation only. */
        JUDGES
    }

    /**
     * Distribution of the raters.
     *
     * @param raters number of raters
     * @param weights mean weight of each taste, at least 0: adherence, consonance, metre, form, variety
     * @param spread standard deviation of a rater's weights around the mean; with 0, raters differ by noise only
     */
    public record Settings(int raters, List<Double> weights, double spread) {
        public Settings {
            weights = List.copyOf(weights);
            Checks.atLeast("raters", raters, 1);
            if (weights.size() != Taste.values().length
                    || !weights.stream().allMatch(each -> each >= 0.0 && Double.isFinite(each))
                    || weights.stream().allMatch(each -> each == 0.0)) {
                throw new IllegalArgumentException("weights is " + weights + ", but must hold " + Taste.values().length
                        + " finite numbers of at least 0, and one above: adherence, consonance, metre, form, variety");
            }
            Checks.atLeast("spread", spread, 0.0);
        }

        /** Fifty raters for whom, as in the paper, adherence is one of several criteria: our choice. */
        public static Settings defaults() {
            return new Settings(50, List.of(0.6, 1.0, 0.6, 0.6, 0.4), 0.3);
        }
    }

    public Population {
        names = List.copyOf(names);
        weights = weights.stream().map(List::copyOf).toList();
    }

    /** Draws a population; raters of different roles are different. */
    public static Population of(Settings settings, Role role, RandomStreams streams) {
        List<String> names = new ArrayList<>();
        List<List<Double>> weights = new ArrayList<>();
        for (int rater = 0; rater < settings.raters(); rater++) {
            RandomGenerator random = streams.stream(Purpose.EVALUATION, role == Role.JUDGES ? 1 : 0, rater);
            names.add(String.format(Locale.ROOT, "%s-%03d", role == Role.JUDGES ? "judge" : "listener", rater));
            List<Double> own = new ArrayList<>();
            for (double mean : settings.weights()) {
                own.add(mean + settings.spread() * random.nextGaussian());
            }
            weights.add(own);
        }
        return new Population(names, weights);
    }

    /** Utility of a clip for a rater, from standardised amounts of each taste. */
    double utility(int rater, double[] amounts) {
        double utility = 0.0;
        for (int i = 0; i < amounts.length; i++) {
            utility += weights.get(rater).get(i) * amounts[i];
        }
        return utility;
    }

    /** Mean utility over all raters. */
    double meanUtility(double[] amounts) {
        double sum = 0.0;
        for (int rater = 0; rater < names.size(); rater++) {
            sum += utility(rater, amounts);
        }
        return sum / names.size();
    }

    /** Criteria of a simulated rater, each in [0, 1]; all are 0 for a clip without notes. */
    public enum Taste {
        /** How well the clip follows its prompt. */
        ADHERENCE,
        /** Consonance of simultaneous notes. */
        CONSONANCE,
        /** Clarity of the metre. */
        METRE,
        /** Repetition, best at one half. */
        FORM,
        /** Pitch range, up to two octaves. */
        VARIETY;

        /** The name in files. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Amount in a clip. */
        public double of(Prompt prompt, Piece piece) {
            if (piece.notes().isEmpty()) {
                return 0.0;
            }
            return switch (this) {
                case ADHERENCE -> Adherence.of(prompt.attributes(), piece).mean();
                case CONSONANCE -> MusicalMeasures.of(piece).consonance();
                case METRE -> MusicalMeasures.of(piece).metreClarity();
                case FORM -> 1.0 - Math.abs(2.0 * MusicalMeasures.of(piece).repetition() - 1.0);
                case VARIETY -> Math.min(1.0, MusicalMeasures.of(piece).pitchRange() / 24.0);
            };
        }

        /**
         * Amounts of all tastes in a clip.
         *
         * @shape result {@code [tastes]}
         */
        public static double[] all(Prompt prompt, Piece piece) {
            return Arrays.stream(values())
                    .mapToDouble(taste -> taste.of(prompt, piece))
                    .toArray();
        }
    }
}
