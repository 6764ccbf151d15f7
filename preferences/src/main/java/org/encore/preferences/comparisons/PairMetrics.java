package org.encore.preferences.comparisons;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.Clusters;
import org.encore.statistics.Interval;

/**
 * Metrics of scores on strict votes.
 *
 * @param pairs number of strict votes
 * @param accuracy share of votes for the clip with the higher score, equal scores counting one half; NaN without votes.
 *     Its interval is over new raters and new captions, or new clips if there are fewer than {@value #FEWEST} captions,
 *     because each clip is in many votes
 * @param margin mean margin towards the preferred clip, in nats
 * @param logLoss mean of -log sigmoid of that margin, in nats; log 2 = 0.693 is chance
 * @param calibrationError expected calibration error in ten bins: mean distance of the share of right votes from their
 *     predicted probability
 */
public record PairMetrics(int pairs, Interval accuracy, double margin, double logLoss, double calibrationError) {
    private static final int BINS = 10;
    private static final int FEWEST = 10;
    private static final double CHANCE = 0.5;

    /** Whether the scores are no better than chance: the interval of the accuracy reaches down to one half. */
    public boolean isAtChance() {
        return !accuracy.isAbove(CHANCE);
    }

    /**
     * Computes the metrics of all votes of a set.
     *
     * @param scores scores of all clips
     */
    public static PairMetrics of(ComparisonSet set, double[] scores) {
        return of(set.strict(), scores, clusters(set));
    }

    /**
     * Computes the metrics of votes whose captions are not known.
     *
     * @param scores scores of all clips
     */
    public static PairMetrics of(List<Comparison> comparisons, double[] scores) {
        List<Comparison> strict =
                comparisons.stream().filter(Comparison::isStrict).toList();
        return of(strict, scores, clusters(strict));
    }

    /**
     * The accuracy of predictions of strict votes, each perhaps several times, with its interval over raters and clips.
     *
     * @param hits 1 for a right prediction, 0 for a wrong one, one half for none
     */
    public static Interval accuracy(List<Comparison> strict, double[] hits) {
        return clusters(strict).share(hits);
    }

    private static Clusters clusters(List<Comparison> strict) {
        return withRaters(
                strict,
                Clusters.ofPairs(
                        strict.stream().map(Comparison::a).toList(),
                        strict.stream().map(Comparison::b).toList()));
    }

    private static Clusters clusters(ComparisonSet set) {
        List<Comparison> strict = set.strict();
        Clusters captions = Clusters.of(
                strict.stream().map(vote -> set.clips().get(vote.a()).prompt()).toList());
        return captions.fewest() >= FEWEST ? withRaters(strict, captions) : clusters(strict);
    }

    /** Also over raters if there are several. */
    private static Clusters withRaters(List<Comparison> strict, Clusters clusters) {
        Clusters raters = Clusters.of(strict.stream().map(Comparison::rater).toList());
        return raters.fewest() >= FEWEST ? clusters.crossedWith(raters) : clusters;
    }

    private static PairMetrics of(List<Comparison> strict, double[] scores, Clusters clusters) {
        int pairs = strict.size();
        double[] hits = strict.stream().mapToDouble(vote -> hit(vote, scores)).toArray();
        double margins = 0.0;
        double logLoss = 0.0;
        double[][] bins = new double[BINS][2];
        for (int i = 0; i < pairs; i++) {
            double margin = margin(strict.get(i), scores);
            // 1/2 to 1: the probability of the clip with the higher score.
            double confidence = BradleyTerry.logistic(Math.abs(margin));
            double[] bin = bins[Math.min(BINS - 1, (int) (2.0 * BINS * (confidence - 0.5)))];
            bin[0] += hits[i];
            bin[1] += confidence;
            margins += margin;
            logLoss += Math.max(0.0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
        }
        double error = 0.0;
        for (double[] bin : bins) {
            error += Math.abs(bin[0] - bin[1]) / pairs;
        }
        return new PairMetrics(pairs, clusters.share(hits), margins / pairs, logLoss / pairs, error);
    }

    /**
     * Difference in accuracy of two predictors on the same strict votes, paired, with an interval over the same
     * clusters as that of an accuracy.
     *
     * @param scores scores of all clips of the set
     * @param reference scores of the same clips by another predictor
     * @return accuracy of the scores minus that of the reference
     */
    public static Interval accuracyDifference(ComparisonSet set, double[] scores, double[] reference) {
        List<Comparison> strict = set.strict();
        return clusters(set)
                .pairedDifference(
                        strict.stream().mapToDouble(vote -> hit(vote, scores)).toArray(),
                        strict.stream()
                                .mapToDouble(vote -> hit(vote, reference))
                                .toArray());
    }

    /** 1 for a strict vote that the scores predict, one half for equal scores, else 0. */
    public static double hit(Comparison vote, double[] scores) {
        double margin = margin(vote, scores);
        return margin > 0.0 ? 1.0 : margin == 0.0 ? 0.5 : 0.0;
    }

    private static double margin(Comparison vote, double[] scores) {
        return vote.outcome() * (scores[vote.a()] - scores[vote.b()]);
    }

    /** Metrics by groups of votes. */
    public static final class Slices {
        private static final int LENGTHS = 4;
        private static final double[] CONFIDENCES = {0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

        private Slices() {}

        /** By the predicted probability of the clip with the higher score. */
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
         * By the length of the longer clip, in four groups of equal size.
         *
         * @param seconds length of each clip in seconds
         */
        public static Map<String, PairMetrics> byLength(
                List<Comparison> comparisons, double[] scores, double[] seconds) {
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
                    // If all clips have one length, all groups have the same name and are one slice.
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
}
