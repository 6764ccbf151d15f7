package org.encore.app.commands.preferences.learning;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.comparisons.Slices;
import org.encore.statistics.Interval;

/** How well a model foretells votes, for programs and for people. */
final class AccuracyText {
    private static final double CHANCE = 0.5;

    private AccuracyText() {}

    static Map<String, Object> of(PairMetrics figures) {
        Interval interval = Interval.ofShare(figures.right(), figures.pairs());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pairs", figures.pairs());
        facts.put("accuracy", figures.accuracy());
        facts.put("accuracy_low", interval.low());
        facts.put("accuracy_high", interval.high());
        facts.put("margin", figures.margin());
        facts.put("log_loss", figures.logLoss());
        facts.put("ece", figures.calibrationError());
        facts.put("at_chance", isAtChance(figures));
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
    static boolean isAtChance(PairMetrics figures) {
        return !(Interval.ofShare(figures.right(), figures.pairs()).low() > CHANCE);
    }

    static String text(PairMetrics figures) {
        Interval interval = Interval.ofShare(figures.right(), figures.pairs());
        return String.format(
                Locale.ROOT,
                "accuracy %.1f %% [%.1f %%, %.1f %%] on %d strict votes, log loss %.4f nats (chance 0.6931),"
                        + " calibration error %.3f",
                100.0 * figures.accuracy(),
                100.0 * interval.low(),
                100.0 * interval.high(),
                figures.pairs(),
                figures.logLoss(),
                figures.calibrationError());
    }

    private static Map<String, Object> accuracies(Map<String, PairMetrics> slices) {
        Map<String, Object> facts = new LinkedHashMap<>();
        slices.forEach((name, figures) -> {
            Map<String, Object> slice = new LinkedHashMap<>();
            slice.put("pairs", figures.pairs());
            slice.put("accuracy", figures.accuracy());
            facts.put(name, slice);
        });
        return facts;
    }
}
