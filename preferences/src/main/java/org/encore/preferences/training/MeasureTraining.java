package org.encore.preferences.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.training.PreferenceLearner.Measures;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.MeasuredPreference;
import org.encore.rewards.preference.MeasuredPreference.Term;
import org.encore.rewards.preference.PieceMeasure;
import org.encore.statistics.Interval;

/** Fits weights of measures, and estimates their accuracy on votes on unseen clips by cross-validation over clips. */
public final class MeasureTraining {
    private final Measures settings;
    private final ComparisonSet set;
    private final RandomStreams streams;
    private final MeasureFit fit;

    /**
     * The result of a training.
     *
     * @param accuracy accuracy on strict votes on two held-out clips, with an interval over raters and clips; it leaves out
     *     that the clips of other folds trained the model
     * @param heldOutVotes number of these votes, over all repeats
     * @param chosen how often each regularisation strength was chosen within the folds
     * @param strength strength that was chosen for the final model
     * @param terms terms of the final model, fitted to all clips
     */
    public record Result(
            Interval accuracy, int heldOutVotes, Map<Double, Integer> chosen, double strength, List<Term> terms) {
        /** Writes the model into a directory. */
        public void save(Path directory, double tie) throws IOException {
            new MeasuredPreference(terms, reading()).save(directory, tie);
        }
    }

    /** Computes the measures of all clips. */
    public MeasureTraining(Measures settings, long seed, ComparisonSet set) {
        this.settings = settings;
        this.set = set;
        this.streams = new RandomStreams(seed);
        // Quantised, as the model reads clips.
        this.fit = new MeasureFit(set.clips().stream()
                .map(clip -> PieceMeasure.all(NoteLanguage.quantised(clip.piece())))
                .toArray(double[][]::new));
    }

    private static ClipReading reading() {
        return new ClipReading(ClipReading.Caption.HIDDEN, 0.0);
    }

    /** Cross-validates, then fits to all clips. */
    public Result run() {
        List<Integer> all = IntStream.range(0, set.clips().size()).boxed().toList();
        List<Comparison> judged = new ArrayList<>();
        List<Double> hits = new ArrayList<>();
        Map<Double, Integer> chosen = new LinkedHashMap<>();
        settings.strengths().forEach(strength -> chosen.put(strength, 0));
        for (int repeat = 0; repeat < settings.repeats(); repeat++) {
            for (List<Integer> fold : folds(all, streams.stream(Purpose.EVALUATION, repeat))) {
                List<Integer> others = without(all, fold);
                double strength = strength(others, streams.stream(Purpose.EVALUATION, repeat, fold.get(0)));
                chosen.merge(strength, 1, Integer::sum);
                double[] scores = fit.scores(fit.fit(among(others), others, strength));
                for (Comparison vote : among(fold)) {
                    if (vote.isStrict()) {
                        judged.add(vote);
                        hits.add(PairMetrics.hit(vote, scores));
                    }
                }
            }
        }
        double strength = strength(all, streams.stream(Purpose.EVALUATION));
        Interval accuracy = PairMetrics.accuracy(
                judged, hits.stream().mapToDouble(Double::doubleValue).toArray());
        return new Result(accuracy, judged.size(), chosen, strength, fit.fit(set.comparisons(), all, strength));
    }

    /** The strength with the best accuracy in an inner cross-validation over these clips. */
    private double strength(List<Integer> clips, RandomGenerator random) {
        List<List<Integer>> folds = folds(clips, random);
        double best = settings.strengths().get(0);
        double bestLoss = Double.POSITIVE_INFINITY;
        for (double strength : settings.strengths()) {
            double loss = 0.0;
            for (List<Integer> fold : folds) {
                List<Integer> others = without(clips, fold);
                PairMetrics metrics = PairMetrics.of(among(fold), fit.scores(fit.fit(among(others), others, strength)));
                loss += metrics.pairs() == 0 ? 0.0 : metrics.logLoss() * metrics.pairs();
            }
            if (loss < bestLoss) {
                best = strength;
                bestLoss = loss;
            }
        }
        return best;
    }

    private List<List<Integer>> folds(List<Integer> clips, RandomGenerator random) {
        List<Integer> dealt = new ArrayList<>(clips);
        Shuffle.inPlace(dealt, random);
        List<List<Integer>> folds = new ArrayList<>();
        int count = Math.min(settings.folds(), dealt.size());
        for (int fold = 0; fold < count; fold++) {
            folds.add(dealt.subList(fold * dealt.size() / count, (fold + 1) * dealt.size() / count));
        }
        return folds;
    }

    private static List<Integer> without(List<Integer> clips, List<Integer> fold) {
        List<Integer> others = new ArrayList<>(clips);
        others.removeAll(fold);
        return others;
    }

    /** The votes on two of these clips. */
    private List<Comparison> among(List<Integer> clips) {
        boolean[] chosen = new boolean[set.clips().size()];
        clips.forEach(clip -> chosen[clip] = true);
        return set.comparisons().stream()
                .filter(vote -> chosen[vote.a()] && chosen[vote.b()])
                .toList();
    }

    /**
     * Fit of the weights of measures.
     *
     * @param values measures of each clip, {@code [clips][measures]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record MeasureFit(double[][] values) {
        private static final List<PieceMeasure> MEASURES = List.of(PieceMeasure.values());

        /** Fits as {@link LinearFit#fit} does. */
        List<Term> fit(List<Comparison> comparisons, List<Integer> clips, double strength) {
            LinearFit.Weights fitted = new LinearFit(values).fit(comparisons, clips, strength);
            List<Term> terms = new ArrayList<>();
            for (int m = 0; m < MEASURES.size(); m++) {
                terms.add(new Term(MEASURES.get(m), fitted.means()[m], fitted.scales()[m], fitted.weights()[m]));
            }
            return terms;
        }

        /** Scores of all clips. */
        double[] scores(List<Term> terms) {
            double[] scores = new double[values.length];
            for (int clip = 0; clip < scores.length; clip++) {
                for (int m = 0; m < terms.size(); m++) {
                    scores[clip] += terms.get(m).of(values[clip][m]);
                }
            }
            return scores;
        }
    }
}
