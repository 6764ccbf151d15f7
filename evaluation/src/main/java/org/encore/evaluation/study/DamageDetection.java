package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.model.decoding.CodeSequence;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Correlation;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** Tells damaged pieces from clean ones by the losses of one model, without knowing the clean version of a damaged one. */
public final class DamageDetection {
    /** Codes of a probe, drawn uniformly. */
    public static final int PROBE = 10;

    private final CodeModel model;
    private final List<CodeSequence> pieces;
    private final int probeFrame;
    private final int cardinality;
    private final Bootstrap bootstrap;

    /**
     * How well each figure tells clean pieces from those with one kind of damage.
     *
     * @param damage its kind
     * @param length of the damage, or of a block that changed its place
     * @param auc the probability that a damaged piece has the higher figure, over the odd pieces
     * @param chosen the figure of a curve's shape that was best over the even pieces
     */
    public record Row(String damage, String length, Map<PieceFigure, Interval> auc, PieceFigure chosen) {}

    /**
     * Prepares.
     *
     * @param pieces clean, those of the plans that will be compared with them
     * @param probeFrame where the probe begins, behind the noise of every plan
     * @param cardinality codes to draw the probe from
     */
    public DamageDetection(
            CodeModel model, List<CodeSequence> pieces, int probeFrame, int cardinality, Bootstrap bootstrap) {
        this.model = model;
        this.pieces = List.copyOf(pieces);
        this.probeFrame = probeFrame;
        this.cardinality = cardinality;
        this.bootstrap = bootstrap;
    }

    /** A row for each plan and length. */
    public List<Row> rows(List<ProfilePlan> plans) {
        Map<PieceFigure, double[]> clean = metrics(pieces);
        List<Row> rows = new ArrayList<>();
        for (ProfilePlan plan : plans) {
            for (int i = 0; i < plan.settings().lengths().size(); i++) {
                rows.add(row(
                        plan.perturbation().name(),
                        plan.settings().lengths().get(i).label(),
                        clean,
                        metrics(damaged(plan.damaged(i)))));
            }
        }
        return rows;
    }

    private Row row(
            String damage, String length, Map<PieceFigure, double[]> clean, Map<PieceFigure, double[]> damaged) {
        int[] even = IntStream.range(0, pieces.size()).filter(i -> i % 2 == 0).toArray();
        int[] odd = IntStream.range(0, pieces.size()).filter(i -> i % 2 == 1).toArray();
        Map<PieceFigure, Interval> auc = new LinkedHashMap<>();
        for (PieceFigure figure : PieceFigure.values()) {
            double[] negatives = clean.get(figure);
            double[] positives = damaged.get(figure);
            auc.put(
                    figure,
                    bootstrap.interval(
                            odd.length,
                            drawn -> auc(
                                    negatives,
                                    positives,
                                    IntStream.of(drawn).map(i -> odd[i]).toArray())));
        }
        PieceFigure chosen = Arrays.stream(PieceFigure.values())
                .filter(PieceFigure::isProfile)
                .max(Comparator.comparingDouble(figure -> auc(clean.get(figure), damaged.get(figure), even)))
                .orElseThrow();
        return new Row(damage, length, auc, chosen);
    }

    private static double auc(double[] negatives, double[] positives, int[] which) {
        return Correlation.auc(
                IntStream.of(which).mapToDouble(i -> negatives[i]).toArray(),
                IntStream.of(which).mapToDouble(i -> positives[i]).toArray());
    }

    private List<CodeSequence> damaged(List<Perturbed> versions) {
        List<CodeSequence> damaged = new ArrayList<>();
        for (int p = 0; p < pieces.size(); p++) {
            damaged.add(CodeSequence.of(versions.get(p).codes(), pieces.get(p).prompt()));
        }
        return damaged;
    }

    /** The figures of sequences, each scored as it is and with its probe. */
    private Map<PieceFigure, double[]> metrics(List<CodeSequence> sequences) {
        List<CodeSequence> both = new ArrayList<>(sequences);
        for (int p = 0; p < sequences.size(); p++) {
            both.add(probed(sequences.get(p), p));
        }
        List<double[][]> logProbs = model.logProbs(both);
        Map<PieceFigure, double[]> metrics = new LinkedHashMap<>();
        for (PieceFigure figure : PieceFigure.values()) {
            double[] values = new double[sequences.size()];
            for (int p = 0; p < values.length; p++) {
                double[] losses = losses(logProbs.get(p));
                double[] withProbe = losses(logProbs.get(sequences.size() + p));
                double response = Means.of(withProbe, probeFrame, probeFrame + PROBE)
                        - Means.of(losses, probeFrame, probeFrame + PROBE);
                values[p] = figure.of(losses, response);
            }
            metrics.put(figure, values);
        }
        return metrics;
    }

    /** The same probe for a piece, damaged or not. */
    private CodeSequence probed(CodeSequence sequence, int piece) {
        RandomGenerator random = new RandomStreams(bootstrap.seed()).stream(Purpose.NOISE, piece, PROBE);
        int[][] codes = new int[sequence.codes().length][];
        for (int k = 0; k < codes.length; k++) {
            codes[k] = sequence.codes()[k].clone();
            for (int f = probeFrame; f < probeFrame + PROBE; f++) {
                codes[k][f] = random.nextInt(cardinality);
            }
        }
        return new CodeSequence(codes, sequence.prompt(), sequence.conditioned());
    }

    private static double[] losses(double[][] logProbs) {
        double[] losses = new double[logProbs[0].length];
        for (int f = 0; f < losses.length; f++) {
            double[] column = new double[logProbs.length];
            for (int k = 0; k < column.length; k++) {
                column[k] = -logProbs[k][f];
            }
            losses[f] = Means.of(column);
        }
        return losses;
    }

    /** Figures of a piece alone, made of its own losses; higher means damaged. */
    public enum PieceFigure {
        /** Mean loss of all codes. */
        ABSOLUTE_LOSS {
            @Override
            double of(double[] losses, double probed) {
                return Means.of(losses);
            }
        },
        /** The highest mean loss of five codes in a row. */
        CURVE_PEAK {
            @Override
            double of(double[] losses, double probed) {
                return Arrays.stream(smoothed(losses)).max().orElseThrow();
            }
        },
        /** The same above the median of all such means. */
        CURVE_CONTRAST {
            @Override
            double of(double[] losses, double probed) {
                return CURVE_PEAK.of(losses, probed) - new Median().evaluate(smoothed(losses));
            }
        },
        /** How little a probe behind the damage adds to the loss of its own codes: the peak of a profile, turned round. */
        PROBE_RESPONSE {
            @Override
            double of(double[] losses, double probed) {
                return -probed;
            }
        };

        private static final int SMOOTHED = 5;

        /**
         * The figure of a piece.
         *
         * @param losses of its codes, NaN where there is none
         * @param probed what a probe adds to the mean loss of its codes
         */
        abstract double of(double[] losses, double probed);

        /** Its name in tables. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is made of the shape of a curve, and not of its height alone. */
        boolean isProfile() {
            return this != ABSOLUTE_LOSS;
        }

        private static double[] smoothed(double[] losses) {
            double[] there =
                    Arrays.stream(losses).filter(loss -> !Double.isNaN(loss)).toArray();
            double[] means = new double[there.length - SMOOTHED + 1];
            for (int t = 0; t < means.length; t++) {
                means[t] = Means.of(there, t, t + SMOOTHED);
            }
            return means;
        }
    }
}
