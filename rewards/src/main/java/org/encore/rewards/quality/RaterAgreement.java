package org.encore.rewards.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.encore.rewards.quality.raters.Verdict;

/**
 * How well scores predict the mean of a clip's ratings, and how much the raters' noise leaves to be predicted.
 *
 * @param clips how many
 * @param pearson correlation of scores and mean ratings
 * @param low lower end of its 95 per cent interval, by Fisher's transformation
 * @param high upper end
 * @param spearman the same of ranks
 * @param rmse root mean squared error
 * @param ceiling {@link #ceiling}
 * @param reliability {@link #reliability}
 */
record RaterAgreement(
        int clips,
        double pearson,
        double low,
        double high,
        double spearman,
        double rmse,
        double ceiling,
        double reliability) {
    private static final double NORMAL_QUANTILE = 1.96;

    /** Compares; at least four clips. */
    static RaterAgreement of(double[] scores, List<Verdict> verdicts) {
        double[] ratings = verdicts.stream().mapToDouble(Verdict::meanRating).toArray();
        double pearson = new PearsonsCorrelation().correlation(scores, ratings);
        double squares = 0.0;
        for (int i = 0; i < scores.length; i++) {
            squares += (scores[i] - ratings[i]) * (scores[i] - ratings[i]) / scores.length;
        }
        return new RaterAgreement(
                scores.length,
                pearson,
                bound(pearson, scores.length, -NORMAL_QUANTILE),
                bound(pearson, scores.length, NORMAL_QUANTILE),
                new SpearmansCorrelation().correlation(scores, ratings),
                Math.sqrt(squares),
                ceiling(verdicts),
                reliability(verdicts));
    }

    /**
     * What the raters' mean correlates with the opinion behind it, and so what an estimator that knew all opinions would
     * reach.
     */
    static double ceiling(List<Verdict> verdicts) {
        return new PearsonsCorrelation()
                .correlation(
                        verdicts.stream().mapToDouble(Verdict::opinion).toArray(),
                        verdicts.stream().mapToDouble(Verdict::meanRating).toArray());
    }

    /**
     * The reliability of the mean of a clip's ratings, by the ratings alone: {@code (MSB - MSW) / MSB} of a one-way analysis
     * of variance. Its square root estimates the ceiling where nobody knows the opinions.
     *
     * @return ICC(1, k); at most 1
     * @paper Shrout and Fleiss 1979, Intraclass correlations: uses in assessing rater reliability
     */
    static double reliability(List<Verdict> verdicts) {
        int k = verdicts.get(0).ratings().size();
        double grandMean =
                verdicts.stream().mapToDouble(Verdict::meanRating).average().orElseThrow();
        double between = 0.0;
        double within = 0.0;
        for (Verdict verdict : verdicts) {
            double mean = verdict.meanRating();
            between += k * (mean - grandMean) * (mean - grandMean);
            for (int rating : verdict.ratings()) {
                within += (rating - mean) * (rating - mean);
            }
        }
        double meanBetween = between / (verdicts.size() - 1);
        double meanWithin = within / (verdicts.size() * (k - 1.0));
        return (meanBetween - meanWithin) / meanBetween;
    }

    /** A quantile of a correlation by Fisher's transformation. */
    static double bound(double correlation, int items, double quantile) {
        double z = 0.5 * Math.log((1.0 + correlation) / (1.0 - correlation));
        return Math.tanh(z + quantile / Math.sqrt(items - 3.0));
    }

    /** The figures by name. */
    Map<String, Object> named() {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("clips", clips);
        named.put("pearson", pearson);
        named.put("pearson_low", low);
        named.put("pearson_high", high);
        named.put("spearman", spearman);
        named.put("rater_ceiling", ceiling);
        named.put("rater_reliability", reliability);
        named.put("rmse", rmse);
        return named;
    }

    /** The same in words. */
    String text() {
        return String.format(
                Locale.ROOT,
                "On %d held-out clips, with the mean of three ratings: Pearson %.4f [%.4f, %.4f], Spearman %.4f, root mean"
                        + " squared error %.3f. The raters' noise sets a ceiling of %.4f (Pearson of the ratings with the"
                        + " opinion behind them); reliability of the mean of three %.4f.",
                clips,
                pearson,
                low,
                high,
                spearman,
                rmse,
                ceiling,
                reliability);
    }
}
