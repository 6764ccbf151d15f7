package org.encore.rewards.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.encore.base.settings.Checks;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.Split;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.quality.RatedClips.RatedClip;
import org.encore.rewards.quality.RatedClips.Rating;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.run.Progress;
import org.encore.statistics.Agreement;
import org.encore.statistics.Correlation;
import org.encore.statistics.Interval;

/**
 * Measures an estimator on held-out clips: how well it predicts ratings, and whether its scores fall with more damage.
 *
 * <p>Clips are rendered, and their sound damaged, at the sample rate of a run, although the training renders at half of it:
 * what is measured goes the way of what is used, the estimator's resampling included.
 */
final class QualityMeasures {
    private static final int CHUNK = 32;
    private static final Prompt NO_PROMPT = new Prompt("music", Attributes.NONE);

    private final RewardModel reward;
    private final Settings settings;
    private final RatedClips clips;

    /**
     * Size of the measurement.
     *
     * @param seed seed of the clips
     * @param split which held-out clips
     * @param rated held-out clips with ratings, at least 4
     * @param perStrength clips for each degradation and strength, at least 1
     * @param strengths steps from 0 to 1, at least 1
     */
    record Settings(long seed, Split split, int rated, int perStrength, int strengths) {
        Settings {
            Checks.atLeast("rated", rated, 4);
            Checks.atLeast("perStrength", perStrength, 1);
            Checks.atLeast("strengths", strengths, 1);
        }

        /** Études of seed 1; their held-out combinations occur in no training piece of any seed. */
        static Settings of(int rated, Split split) {
            return new Settings(1, split, rated, 24, 4);
        }
    }

    QualityMeasures(RewardModel reward, Settings settings) {
        this.reward = reward;
        this.settings = settings;
        this.clips =
                new RatedClips(settings.seed(), Synthesiser.Settings.standard().sampleRate());
    }

    RewardReport run(Progress progress) {
        int kinds = Degradations.all().size();
        List<Rating> rated = new ArrayList<>();
        double[] scores = scores(
                settings.rated(),
                i -> clips.heldOut(settings.split(), i),
                rated,
                done -> progress.step("scoring", done, settings.rated(), ""));
        RatingAgreement agreement = RatingAgreement.of(scores, rated);
        Map<String, Object> metrics = new LinkedHashMap<>(agreement.named());
        double clean = mean(Damage.NONE);
        Map<String, double[]> curves = new LinkedHashMap<>();
        for (Degradation degradation : Degradations.all()) {
            double[] curve = new double[settings.strengths() + 1];
            curve[0] = clean;
            for (int i = 1; i < curve.length; i++) {
                curve[i] = mean(Damage.of(degradation, strength(i)));
            }
            curves.put(degradation.name(), curve);
            progress.step("damaging", curves.size(), kinds, degradation.name());
        }
        metrics.put("monotone", curves.values().stream().allMatch(QualityMeasures::falls));
        metrics.put(
                "strengths",
                IntStream.rangeClosed(0, settings.strengths())
                        .mapToDouble(this::strength)
                        .toArray());
        metrics.put("mean_scores", curves);
        return new RewardReport(metrics, table(agreement, curves));
    }

    private double strength(int step) {
        return (double) step / settings.strengths();
    }

    private double mean(Damage damage) {
        double[] scores = scores(
                settings.perStrength(), i -> clips.heldOut(settings.split(), i, damage), new ArrayList<>(), done -> {});
        return Arrays.stream(scores).average().orElseThrow();
    }

    /** Receives the number of finished clips. */
    private interface Count {
        void done(long clips);
    }

    private double[] scores(int count, IntFunction<RatedClip> source, List<Rating> kept, Count done) {
        double[] scores = new double[count];
        for (int from = 0; from < count; from += CHUNK) {
            int end = Math.min(count, from + CHUNK);
            List<RatedClip> rated =
                    IntStream.range(from, end).parallel().mapToObj(source).toList();
            List<Score> scored = reward.score(rated.stream()
                    .map(clip -> Sample.of(NO_PROMPT, Clip.of(clip.sound())))
                    .toList());
            for (int i = 0; i < scored.size(); i++) {
                scores[from + i] = scored.get(i).value();
            }
            rated.forEach(clip -> kept.add(clip.rating()));
            done.done(end);
        }
        return scores;
    }

    /** Whether a curve falls at every step. */
    static boolean falls(double[] curve) {
        for (int i = 1; i < curve.length; i++) {
            if (!(curve[i] < curve[i - 1])) {
                return false;
            }
        }
        return true;
    }

    private String table(RatingAgreement agreement, Map<String, double[]> curves) {
        StringBuilder text = new StringBuilder();
        text.append("Raters are simulated; there are no human ratings.\n\n")
                .append(agreement.text())
                .append("\n\n");
        text.append("Mean score of ")
                .append(settings.perStrength())
                .append(" held-out clips by strength of damage:\n\n");
        text.append("| degradation |");
        for (int i = 0; i <= settings.strengths(); i++) {
            text.append(String.format(Locale.ROOT, " %.2f |", strength(i)));
        }
        text.append(" falls throughout |\n|---|")
                .append("---|".repeat(settings.strengths() + 2))
                .append('\n');
        curves.forEach((name, curve) -> {
            text.append("| ").append(name).append(" |");
            for (double score : curve) {
                text.append(String.format(Locale.ROOT, " %.3f |", score));
            }
            text.append(falls(curve) ? " yes |\n" : " no |\n");
        });
        return text.toString();
    }

    /**
     * How well scores predict the mean rating of a clip, and the limit that rater noise sets.
     *
     * @param clips number of clips
     * @param pearson correlation of scores and mean ratings, with its 95 % interval by Fisher's transformation
     * @param spearman rank correlation of the same
     * @param rmse root mean squared error
     * @param ceiling {@link #ceiling}
     * @param reliability {@link #reliability}
     */
    record RatingAgreement(
            int clips, Interval pearson, double spearman, double rmse, double ceiling, double reliability) {
        /** Compares scores with ratings of at least four clips. */
        static RatingAgreement of(double[] scores, List<Rating> ratings) {
            double[] meanRatings =
                    ratings.stream().mapToDouble(Rating::meanRating).toArray();
            Correlation correlation = Correlation.of(scores, meanRatings);
            double squares = 0.0;
            for (int i = 0; i < scores.length; i++) {
                squares += (scores[i] - meanRatings[i]) * (scores[i] - meanRatings[i]) / scores.length;
            }
            return new RatingAgreement(
                    scores.length,
                    Interval.ofCorrelation(correlation.pearson(), scores.length),
                    correlation.spearman(),
                    Math.sqrt(squares),
                    ceiling(ratings),
                    reliability(ratings));
        }

        /**
         * Correlation of mean ratings and true scores: the limit for an estimator that knows all true scores.
         */
        static double ceiling(List<Rating> ratings) {
            return Correlation.of(
                            ratings.stream().mapToDouble(Rating::trueScore).toArray(),
                            ratings.stream().mapToDouble(Rating::meanRating).toArray())
                    .pearson();
        }

        /** Reliability of the mean rating, from the ratings alone: {@link Agreement#intraclassCorrelation}. */
        static double reliability(List<Rating> ratings) {
            return Agreement.intraclassCorrelation(ratings.stream()
                    .map(rating -> rating.ratings().stream()
                            .mapToDouble(Integer::doubleValue)
                            .toArray())
                    .toList());
        }

        /** The metrics by name. */
        Map<String, Object> named() {
            Map<String, Object> named = new LinkedHashMap<>();
            named.put("clips", clips);
            named.put("pearson", pearson.value());
            named.put("pearson_low", pearson.low());
            named.put("pearson_high", pearson.high());
            named.put("spearman", spearman);
            named.put("rater_ceiling", ceiling);
            named.put("rater_reliability", reliability);
            named.put("rmse", rmse);
            return named;
        }

        /** The metrics as a sentence. */
        String text() {
            return String.format(
                    Locale.ROOT,
                    "On %d held-out clips as runs render them, with the mean of three ratings: Pearson %.4f [%.4f, %.4f], Spearman %.4f, root mean"
                            + " squared error %.3f. The raters' noise sets a ceiling of %.4f (Pearson of the ratings with the"
                            + " true scores); reliability of the mean of three %.4f.",
                    clips,
                    pearson.value(),
                    pearson.low(),
                    pearson.high(),
                    spearman,
                    rmse,
                    ceiling,
                    reliability);
        }
    }
}
