package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.statistics.Means;

/**
 * A figure of a checkpoint that may tell its quality.
 *
 * @param name as tables have it
 * @param kind what it is
 * @param figure reads it from a checkpoint, given the pieces or samples that count, by index
 */
record Predictor(String name, Kind kind, Figure figure) {
    static final String LOSS = "absolute loss";

    /** Correlations over lengths are left out: of the few lengths of a study they tell nearly nothing. */
    private static final List<Headline> PROFILED = List.of(
            Headline.PEAK,
            Headline.ASSIMILATION,
            Headline.RECOVERY,
            Headline.DELTA_DAMAGED,
            Headline.SHARPNESS,
            Headline.RECOVERY_CODES,
            Headline.SLOPE,
            Headline.SCORE);

    /** What a figure is. */
    enum Kind {
        /** Mean loss of clean held-out pieces. */
        LOSS,
        /** Mean score of a reward. */
        REWARD,
        /** A headline of a profile. */
        PROFILE
    }

    /** Reads a figure. */
    @FunctionalInterface
    interface Figure {
        double of(Measured checkpoint, int[] items);
    }

    /** All figures that a checkpoint has. */
    static List<Predictor> of(Measured example) {
        List<Predictor> predictors = new ArrayList<>();
        String any = example.profiles().keySet().iterator().next();
        predictors.add(new Predictor(
                LOSS, Kind.LOSS, (m, pieces) -> m.profiles().get(any).headline(Headline.CLEAN_LOSS, pieces)));
        for (String id : example.rewards().keySet()) {
            predictors.add(new Predictor(
                    "reward " + id,
                    Kind.REWARD,
                    (m, samples) -> mean(m.rewards().get(id), samples)));
        }
        for (Map.Entry<String, Profile> profile : example.profiles().entrySet()) {
            for (Headline headline : PROFILED) {
                predictors.add(new Predictor(
                        profile.getKey() + " " + headline.text(),
                        Kind.PROFILE,
                        (m, pieces) -> m.profiles().get(profile.getKey()).headline(headline, pieces)));
            }
        }
        return predictors;
    }

    /** How many pieces or samples a figure is a mean over. */
    int items(Measured example) {
        return kind == Kind.REWARD
                ? example.rewards().values().iterator().next().length
                : example.profiles().values().iterator().next().pieces();
    }

    private static double mean(double[] values, int[] which) {
        return Means.of(Arrays.stream(which).mapToDouble(i -> values[i]).toArray());
    }
}
