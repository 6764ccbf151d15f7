package org.encore.app.commands.preferences.learning;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.comparisons.PairMetrics.Slices;
import org.encore.statistics.Interval;

/** Accuracy of a model on votes, for programs and for people. */
final class AccuracyText {
    private static final double CHANCE = 0.5;

    private AccuracyText() {}

    static Map<String, Object> of(PairMetrics metrics) {
        Interval interval = Interval.ofShare(metrics.right(), metrics.pairs());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pairs", metrics.pairs());
        facts.put("accuracy", metrics.accuracy());
        facts.put("accuracy_low", interval.low());
        facts.put("accuracy_high", interval.high());
        facts.put("margin", metrics.margin());
        facts.put("log_loss", metrics.logLoss());
        facts.put("ece", metrics.calibrationError());
        facts.put("at_chance", isAtChance(metrics));
        return facts;
    }

    /** Accuracy in parts of the votes. */
    static Map<String, Object> slices(ComparisonSet set, double[] scores) {
        double[] seconds =
                set.clips().stream().mapToDouble(clip -> clip.piece().seconds()).toArray();
        Map<String, Object> slices = new LinkedHashMap<>();
        slices.put("confidence", accuracies(Slices.byConfidence(set.comparisons(), scores)));
        slices.put("length", accuracies(Slices.byLength(set.comparisons(), scores, seconds)));
        slices.put("rater", accuracies(Slices.byRater(set.comparisons(), scores)));
        return slices;
    }

    /** Whether guessing could have done as well: one half lies in the 95 % interval or above it. */
    static boolean isAtChance(PairMetrics metrics) {
        return !(Interval.ofShare(metrics.right(), metrics.pairs()).low() > CHANCE);
    }

    static String text(PairMetrics metrics) {
        Interval interval = Interval.ofShare(metrics.right(), metrics.pairs());
        return String.format(
                Locale.ROOT,
                "accuracy %.1f %% [%.1f %%, %.1f %%] on %d strict votes, log loss %.4f nats (chance 0.6931),"
                        + " calibration error %.3f",
                100.0 * metrics.accuracy(),
                100.0 * interval.low(),
                100.0 * interval.high(),
                metrics.pairs(),
                metrics.logLoss(),
                metrics.calibrationError());
    }

    private static Map<String, Object> accuracies(Map<String, PairMetrics> slices) {
        Map<String, Object> facts = new LinkedHashMap<>();
        slices.forEach((name, metrics) -> {
            Map<String, Object> slice = new LinkedHashMap<>();
            slice.put("pairs", metrics.pairs());
            slice.put("accuracy", metrics.accuracy());
            facts.put(name, slice);
        });
        return facts;
    }
}
