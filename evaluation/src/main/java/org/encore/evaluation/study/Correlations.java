package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

/** How the figures of checkpoints go together with the quality of their samples. */
public final class Correlations {
    /** A correlation of half as many is the least that says anything. */
    private static final int FEWEST = 8;

    private final List<StudiedCheckpoint> checkpoints;
    private final CompletionMetrics composed;
    private final Bootstrap bootstrap;

    /**
     * One figure's Spearman correlation with quality.
     *
     * @param name of the figure
     * @param kind loss, reward or profile
     * @param all over all checkpoints, pieces and prompts
     * @param choosing over the even ones
     * @param reporting over the odd ones
     */
    public record Row(String name, String kind, Interval all, double choosing, Interval reporting) {}

    /**
     * What is chosen on one half and holds on the other.
     *
     * @param name the profile's figure that goes together with quality best on the choosing half
     * @param reporting its correlation on the reporting half, turned so that the choosing half's is positive
     * @param loss the same of absolute loss
     * @param gain the one minus the other
     */
    public record Choice(String name, Interval reporting, Interval loss, Interval gain) {}

    /**
     * Prepares.
     *
     * @param checkpoints at least 8, in any order
     * @param composed what samples are compared with
     */
    public Correlations(List<StudiedCheckpoint> checkpoints, CompletionMetrics composed, Bootstrap bootstrap) {
        requireEnough(checkpoints.size());
        this.checkpoints = List.copyOf(checkpoints);
        this.composed = composed;
        this.bootstrap = bootstrap;
    }

    /**
     * Says whether so many checkpoints are enough, before they are measured.
     *
     * @throws IllegalArgumentException if not
     */
    public static void requireEnough(int checkpoints) {
        if (checkpoints < FEWEST) {
            throw new IllegalArgumentException(
                    "there are " + checkpoints + " checkpoints, but a study needs at least " + FEWEST + "; add some");
        }
    }

    /** The quality of a checkpoint by all of its judged samples. */
    public Quality quality(StudiedCheckpoint checkpoint) {
        return Quality.of(checkpoint.played(), indices(checkpoint.played().count(), i -> true), composed);
    }

    /** A row a figure: loss, rewards, profiles. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Predictor predictor : predictors()) {
            Half all = new Half(predictor, i -> true);
            Half odd = new Half(predictor, i -> i % 2 == 1);
            rows.add(new Row(
                    predictor.name(),
                    predictor.kind().name().toLowerCase(Locale.ROOT),
                    bootstrap.around(all.value(), all::ofDraw),
                    choosing(predictor),
                    bootstrap.around(odd.value(), odd::ofDraw)));
        }
        return rows;
    }

    /** Chooses among the profiles' figures. */
    public Choice choice() {
        Predictor best = predictors().stream()
                .filter(each -> each.kind() == Predictor.Kind.PROFILE)
                .filter(each -> !Double.isNaN(choosing(each)))
                .max(Comparator.comparingDouble(each -> Math.abs(choosing(each))))
                .orElseThrow(() -> new IllegalArgumentException("no figure of a profile differs between checkpoints"));
        Predictor loss = predictors().get(0);
        Half chosen = new Half(best, i -> i % 2 == 1);
        Half plain = new Half(loss, i -> i % 2 == 1);
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
        return new Half(predictor, i -> i % 2 == 0).value();
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

        Half(Predictor predictor, IntPredicate which) {
            this.predictor = predictor;
            this.members = IntStream.of(indices(checkpoints.size(), which))
                    .mapToObj(checkpoints::get)
                    .toList();
            this.items = indices(predictor.items(checkpoints.get(0)), which);
            int[] prompts = indices(checkpoints.get(0).played().count(), which);
            this.qualities = members.stream()
                    .mapToDouble(
                            each -> Quality.of(each.played(), prompts, composed).value())
                    .toArray();
        }

        double value() {
            return spearman(IntStream.range(0, members.size()).toArray(), items);
        }

        /** Draws checkpoints and, apart from them, pieces, the same for all checkpoints. */
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
                    metrics[member] = predictor.figure().of(members.get(member), drawnItems);
                }
                x[i] = metrics[member];
                y[i] = qualities[member];
            }
            return Correlation.of(x, y).spearman();
        }
    }

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
            double of(StudiedCheckpoint checkpoint, int[] items);
        }

        /** All figures that a checkpoint has. */
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

        /** How many pieces or samples a figure is a mean over. */
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
