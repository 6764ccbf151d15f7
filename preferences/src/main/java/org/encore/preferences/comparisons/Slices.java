package org.encore.preferences.comparisons;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.statistics.BradleyTerry;

/** Accuracy in parts of the votes: where a model is right and where it is not. */
public final class Slices {
    private static final int LENGTHS = 4;
    private static final double[] CONFIDENCES = {0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

    private Slices() {}

    /** By how sure the model is: the probability it gives to the clip it favours. */
    public static Map<String, PairMetrics> byConfidence(List<Comparison> comparisons, double[] scores) {
        Map<String, PairMetrics> slices = new LinkedHashMap<>();
        for (int i = 0; i + 1 < CONFIDENCES.length; i++) {
            double low = CONFIDENCES[i];
            double high = CONFIDENCES[i + 1];
            boolean last = i + 2 == CONFIDENCES.length;
            List<Comparison> part = comparisons.stream()
                    .filter(vote -> {
                        double confidence = BradleyTerry.logistic(Math.abs(scores[vote.a()] - scores[vote.b()]));
                        return confidence >= low && (confidence < high || last);
                    })
                    .toList();
            put(slices, String.format(Locale.ROOT, "%.1f-%.1f", low, high), part, scores);
        }
        return slices;
    }

    /**
     * By the length of the longer clip, in four parts with as many votes.
     *
     * @param seconds length of each clip
     */
    public static Map<String, PairMetrics> byLength(List<Comparison> comparisons, double[] scores, double[] seconds) {
        List<Comparison> sorted = new ArrayList<>(comparisons);
        sorted.sort((x, y) -> Double.compare(longer(x, seconds), longer(y, seconds)));
        Map<String, List<Comparison>> parts = new LinkedHashMap<>();
        for (int i = 0; i < LENGTHS; i++) {
            List<Comparison> part = sorted.subList(i * sorted.size() / LENGTHS, (i + 1) * sorted.size() / LENGTHS);
            if (!part.isEmpty()) {
                String name = String.format(
                        Locale.ROOT,
                        "%.1f-%.1f s",
                        longer(part.get(0), seconds),
                        longer(part.get(part.size() - 1), seconds));
                // Where all clips are of one length, parts have one name: they are one slice.
                parts.computeIfAbsent(name, unused -> new ArrayList<>()).addAll(part);
            }
        }
        Map<String, PairMetrics> slices = new LinkedHashMap<>();
        parts.forEach((name, part) -> put(slices, name, part, scores));
        return slices;
    }

    /** By rater, in the order of their names. */
    public static Map<String, PairMetrics> byRater(List<Comparison> comparisons, double[] scores) {
        Map<String, List<Comparison>> byRater = new TreeMap<>();
        comparisons.forEach(vote -> byRater.computeIfAbsent(vote.rater(), unused -> new ArrayList<>())
                .add(vote));
        Map<String, PairMetrics> slices = new LinkedHashMap<>();
        byRater.forEach((rater, part) -> put(slices, rater, part, scores));
        return slices;
    }

    private static double longer(Comparison vote, double[] seconds) {
        return Math.max(seconds[vote.a()], seconds[vote.b()]);
    }

    private static void put(Map<String, PairMetrics> slices, String name, List<Comparison> part, double[] scores) {
        if (part.stream().anyMatch(Comparison::isStrict)) {
            slices.put(name, PairMetrics.of(part, scores));
        }
    }
}
