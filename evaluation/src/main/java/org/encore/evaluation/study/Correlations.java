package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.study.Quality.CompletionMetrics;
import org.encore.evaluation.study.StudyPlan.StudiedCheckpoint;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Correlation;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** Correlation of the metrics of checkpoints with the quality of their samples. */
public final class Correlations {
    /** Fewest checkpoints; correlations of fewer than half of them have no meaning. */
    private static final int FEWEST = 8;

    private final List<StudiedCheckpoint> checkpoints;
    private final boolean[] choosing;
    private final CompletionMetrics composed;
    private final Bootstrap bootstrap;

    /**
     * The Spearman correlation of one metric with quality.
     *
     * @param name name of the metric
     * @param kind kind of metric: loss, reward or profile
     * @param all over all checkpoints, pieces and prompts
     * @param choosing over the checkpoints of some runs, and the even pieces and prompts
     * @param reporting over those of the other runs, and the odd ones
     */
    public record Row(String name, String kind, Interval all, double choosing, Interval reporting) {}

    /**
     * The metric that is best on one half, with its correlation on the other.
     *
     * @param name metric of profiles with the highest absolute correlation with quality on the choosing half
     * @param reporting its correlation on the reporting half, with the sign that makes that on the choosing half
     *     positive
     * @param loss the same for absolute loss
     * @param gain difference of the two
     */
    public record Choice(String name, Interval reporting, Interval loss, Interval gain) {}

    /**
     * Prepares the correlations.
     *
     * @param checkpoints at least 8, in any order
     * @param composed metrics of composed pieces, with which samples are compared
     */
    public Correlations(List<StudiedCheckpoint> checkpoints, CompletionMetrics composed, Bootstrap bootstrap) {
        this.checkpoints = List.copyOf(checkpoints);
        this.choosing =
                choosing(checkpoints.stream().map(StudiedCheckpoint::label).toList());
        this.composed = composed;
        this.bootstrap = bootstrap;
    }

    /**
     * Deals checkpoints to the half that chooses and the half that reports. The checkpoints of a run, which resemble each
     * other, are in one half: the largest run chooses, and each next one joins the half that has fewer checkpoints.
     *
     * @param labels {@code run/step-N}, or a name for a model of no run
     * @return whether each is in the half that chooses
     * @throws IllegalArgumentException if there are too few checkpoints, in all or in one half
     */
    public static boolean[] choosing(List<String> labels) {
        if (labels.size() < FEWEST) {
            throw new IllegalArgumentException(
                    "there are " + labels.size() + " checkpoints, but a study needs at least " + FEWEST + "; add some");
        }
        Map<String, List<Integer>> runs = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            String run = labels.get(i).replaceFirst("/step-\\d+$", "");
            runs.computeIfAbsent(run, unused -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> bySize = new ArrayList<>(runs.values());
        bySize.sort(Comparator.comparingInt((List<Integer> run) -> -run.size()));
        boolean[] choosing = new boolean[labels.size()];
        int chosen = 0;
        int others = 0;
        for (List<Integer> run : bySize) {
            if (chosen <= others) {
                run.forEach(i -> choosing[i] = true);
                chosen += run.size();
            } else {
                others += run.size();
            }
        }
        if (Math.min(chosen, others) < FEWEST / 2) {
            throw new IllegalArgumentException("there are " + labels.size() + " checkpoints of " + runs.size()
                    + " runs, but a study needs at least " + FEWEST / 2
                    + " in each of two halves that share no run; add some");
        }
        return choosing;
    }

    /** The quality of a checkpoint, from all its samples for the referee. */
    public Quality quality(StudiedCheckpoint checkpoint) {
        return Quality.of(
                checkpoint.completions(), indices(checkpoint.completions().count(), i -> true), composed);
    }

    /** One row per metric: loss, rewards, profiles. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Predictor predictor : predictors()) {
            Half all = new Half(predictor, i -> true, i -> true);
            Half odd = reportingHalf(predictor);
            rows.add(new Row(
                    predictor.name(),
                    predictor.kind().name().toLowerCase(Locale.ROOT),
                    bootstrap.around(all.value(), all::ofDraw),
                    choosing(predictor),
                    bootstrap.around(odd.value(), odd::ofDraw)));
        }
        return rows;
    }

    /** Chooses among the metrics of profiles. */
    public Choice choice() {
        Predictor best = predictors().stream()
                .filter(each -> each.kind() == Predictor.Kind.PROFILE)
                .filter(each -> !Double.isNaN(choosing(each)))
                .max(Comparator.comparingDouble(each -> Math.abs(choosing(each))))
                .orElseThrow(() -> new IllegalArgumentException("no metric of a profile differs between checkpoints"));
        Predictor loss = predictors().get(0);
        Half chosen = reportingHalf(best);
        Half plain = reportingHalf(loss);
        double turn = Math.signum(choosing(best));
        double turnOfLoss = Math.signum(choosing(loss));
        return new Choice(
                best.name(),
                bootstrap.around(turn * chosen.value(), i -> turn * chosen.ofDraw(i)),
                bootstrap.around(turnOfLoss * plain.value(), i -> turnOfLoss * plain.ofDraw(i)),
                bootstrap.around(
                        turn * chosen.value() - turnOfLoss * plain.value(),
                        i -> turn * chosen.ofDraw(i) - turnOfLoss * plain.ofDraw(i)));
    }

    private List<Predictor> predictors() {
        return Predictor.of(checkpoints.get(0));
    }

    private double choosing(Predictor predictor) {
        return new Half(predictor, i -> choosing[i], i -> i % 2 == 0).value();
    }

    private Half reportingHalf(Predictor predictor) {
        return new Half(predictor, i -> !choosing[i], i -> i % 2 == 1);
    }

    private static int[] indices(int count, IntPredicate which) {
        return IntStream.range(0, count).filter(which).toArray();
    }

    /** Some checkpoints with some of their pieces and samples. */
    private final class Half {
        private final Predictor predictor;
        private final List<StudiedCheckpoint> members;
        private final int[] items;
        private final double[] qualities;

        Half(Predictor predictor, IntPredicate whichCheckpoints, IntPredicate which) {
            this.predictor = predictor;
            this.members = IntStream.of(indices(checkpoints.size(), whichCheckpoints))
                    .mapToObj(checkpoints::get)
                    .toList();
            this.items = indices(predictor.items(checkpoints.get(0)), which);
            int[] prompts = indices(checkpoints.get(0).completions().count(), which);
            this.qualities = members.stream()
                    .mapToDouble(each ->
                            Quality.of(each.completions(), prompts, composed).value())
                    .toArray();
        }

        double value() {
            return spearman(IntStream.range(0, members.size()).toArray(), items);
        }

        /** Draws checkpoints and, independently, pieces, the same for all checkpoints. */
        double ofDraw(int number) {
            int[] drawn = Arrays.stream(bootstrap.draw(items.length, number))
                    .map(i -> items[i])
                    .toArray();
            return spearman(bootstrap.draw(members.size(), number), drawn);
        }

        private double spearman(int[] drawnMembers, int[] drawnItems) {
            double[] metrics = new double[members.size()];
            Arrays.fill(metrics, Double.NaN);
            double[] x = new double[drawnMembers.length];
            double[] y = new double[drawnMembers.length];
            for (int i = 0; i < drawnMembers.length; i++) {
                int member = drawnMembers[i];
                if (Double.isNaN(metrics[member])) {
                    metrics[member] = predictor.metric().of(members.get(member), drawnItems);
                }
                x[i] = metrics[member];
                y[i] = qualities[member];
            }
            return Correlation.of(x, y).spearman();
        }
    }

    /**
     * A metric of a checkpoint that may predict its quality.
     *
     * @param name name in tables
     * @param kind kind of metric
     * @param metric computes it from a checkpoint and the indices of pieces or samples
     */
    record Predictor(String name, Kind kind, Metric metric) {
        static final String LOSS = "absolute loss";

        /** Without correlations over lengths, because a study has too few lengths. */
        private static final List<Headline> PROFILED = List.of(
                Headline.PEAK,
                Headline.ASSIMILATION,
                Headline.RECOVERY,
                Headline.DELTA_DAMAGED,
                Headline.SHARPNESS,
                Headline.RECOVERY_CODES,
                Headline.SLOPE,
                Headline.SCORE);

        /** Kind of a metric. */
        enum Kind {
            /** Mean loss of clean held-out pieces. */
            LOSS,
            /** Mean score of a reward. */
            REWARD,
            /** A headline of a profile. */
            PROFILE
        }

        /** Computes a metric. */
        @FunctionalInterface
        interface Metric {
            double of(StudiedCheckpoint checkpoint, int[] items);
        }

        /** All metrics of a checkpoint. */
        static List<Predictor> of(StudiedCheckpoint example) {
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

        /** Number of pieces or samples that the metric averages. */
        int items(StudiedCheckpoint example) {
            return kind == Kind.REWARD
                    ? example.rewards().values().iterator().next().length
                    : example.profiles().values().iterator().next().pieces();
        }

        private static double mean(double[] values, int[] which) {
            return Means.of(Arrays.stream(which).mapToDouble(i -> values[i]).toArray());
        }
    }
}
