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
 * Raters with tastes of their own.
 *
 * @param names of the raters
 * @param weights what each rater gives to each taste, {@code [raters][tastes]}
 */
public record Population(List<String> names, List<List<Double>> weights) {
    /** Who judges. */
    public enum Role {
        /** Raters that a reward learns from. */
        LISTENERS,
        /** Raters that no reward ever sees. */
        JUDGES
    }

    /**
     * How raters are drawn.
     *
     * @param raters how many, at least 1
     * @param weights mean weight of each taste, in the order of {@link Taste}, each at least 0 and one above
     * @param spread standard deviation of a rater's weights around the mean, at least 0; 0 makes all raters agree but for
     *     noise
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

        /** Fifty raters to whom, as in the paper, adherence is not all that counts: our choice. */
        public static Settings defaults() {
            return new Settings(50, List.of(0.6, 1.0, 0.6, 0.6, 0.4), 0.3);
        }
    }

    public Population {
        names = List.copyOf(names);
        weights = weights.stream().map(List::copyOf).toList();
    }

    /** Draws a population; the raters of one role are never those of the other. */
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

    /** What a rater thinks of a clip with these standardised amounts of each taste. */
    double utility(int rater, double[] amounts) {
        double utility = 0.0;
        for (int i = 0; i < amounts.length; i++) {
            utility += weights.get(rater).get(i) * amounts[i];
        }
        return utility;
    }

    /** What all raters together think of it: their mean. */
    double meanUtility(double[] amounts) {
        double sum = 0.0;
        for (int rater = 0; rater < names.size(); rater++) {
            sum += utility(rater, amounts);
        }
        return sum / names.size();
    }

    /** What a simulated rater may care about, each in [0, 1]; a clip without notes has 0 of everything. */
    public enum Taste {
        /** Does the clip do what was asked? */
        ADHERENCE,
        /** Do the notes sound well together? */
        CONSONANCE,
        /** Is the metre plain? */
        METRE,
        /** Does it repeat some things, but not all? Best at one half. */
        FORM,
        /** Does it make use of two octaves? */
        VARIETY;

        /** As files have it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** How much of it a clip has. */
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
         * How much a clip has of everything.
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
