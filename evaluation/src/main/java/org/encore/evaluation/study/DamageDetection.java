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

/** Detects damaged pieces from the losses of one model, without their clean versions. */
public final class DamageDetection {
    /** Number of uniformly drawn codes of a probe. */
    public static final int PROBE = 10;

    private final CodeModel model;
    private final List<CodeSequence> pieces;
    private final int probeFrame;
    private final int cardinality;
    private final Bootstrap bootstrap;

    /**
     * How well each metric separates clean pieces from those with one kind of damage.
     *
     * @param damage kind of damage
     * @param length length of the damage, or of a moved block
     * @param auc probability that a damaged piece has the higher value, over the odd pieces
     * @param chosen metric of the shape of a curve that was best over the even pieces
     */
    public record Row(String damage, String length, Map<PieceMetric, Interval> auc, PieceMetric chosen) {}

    /**
     * Prepares the detection.
     *
     * @param pieces clean pieces of the plans
     * @param probeFrame first frame of the probe, after the noise of every plan
     * @param cardinality number of codes to draw the probe from
     */
    public DamageDetection(
            CodeModel model, List<CodeSequence> pieces, int probeFrame, int cardinality, Bootstrap bootstrap) {
        this.model = model;
        this.pieces = List.copyOf(pieces);
        this.probeFrame = probeFrame;
        this.cardinality = cardinality;
        this.bootstrap = bootstrap;
    }

    /** One row per plan and length. */
    public List<Row> rows(List<ProfilePlan> plans) {
        Map<PieceMetric, double[]> clean = metrics(pieces);
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
            String damage, String length, Map<PieceMetric, double[]> clean, Map<PieceMetric, double[]> damaged) {
        int[] even = IntStream.range(0, pieces.size()).filter(i -> i % 2 == 0).toArray();
        int[] odd = IntStream.range(0, pieces.size()).filter(i -> i % 2 == 1).toArray();
        Map<PieceMetric, Interval> auc = new LinkedHashMap<>();
        for (PieceMetric metric : PieceMetric.values()) {
            double[] negatives = clean.get(metric);
            double[] positives = damaged.get(metric);
            auc.put(
                    metric,
                    bootstrap.interval(
                            odd.length,
                            drawn -> auc(
                                    negatives,
                                    positives,
                                    IntStream.of(drawn).map(i -> odd[i]).toArray())));
        }
        PieceMetric chosen = Arrays.stream(PieceMetric.values())
                .filter(PieceMetric::isProfile)
                .max(Comparator.comparingDouble(metric -> auc(clean.get(metric), damaged.get(metric), even)))
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

    /** The metrics of sequences, each scored without and with its probe. */
    private Map<PieceMetric, double[]> metrics(List<CodeSequence> sequences) {
        List<CodeSequence> both = new ArrayList<>(sequences);
        for (int p = 0; p < sequences.size(); p++) {
            both.add(probed(sequences.get(p), p));
        }
        List<double[][]> logProbs = model.logProbs(both);
        Map<PieceMetric, double[]> metrics = new LinkedHashMap<>();
        for (PieceMetric metric : PieceMetric.values()) {
            double[] values = new double[sequences.size()];
            for (int p = 0; p < values.length; p++) {
                double[] losses = losses(logProbs.get(p));
                double[] withProbe = losses(logProbs.get(sequences.size() + p));
                double response = Means.of(withProbe, probeFrame, probeFrame + PROBE)
                        - Means.of(losses, probeFrame, probeFrame + PROBE);
                values[p] = metric.of(losses, response);
            }
            metrics.put(metric, values);
        }
        return metrics;
    }

    /** Adds the probe, which is the same for a piece and its damaged versions. */
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

    /** Metrics of a single piece, from its own losses; higher means damaged. */
    public enum PieceMetric {
        /** Mean loss of all codes. */
        ABSOLUTE_LOSS {
            @Override
            double of(double[] losses, double probed) {
                return Means.of(losses);
            }
        },
        /** The highest mean loss of five successive codes. */
        CURVE_PEAK {
            @Override
            double of(double[] losses, double probed) {
                return Arrays.stream(smoothed(losses)).max().orElseThrow();
            }
        },
        /** The same minus the median of all such means. */
        CURVE_CONTRAST {
            @Override
            double of(double[] losses, double probed) {
                return CURVE_PEAK.of(losses, probed) - new Median().evaluate(smoothed(losses));
            }
        },
        /** Minus the loss that a probe after the damage adds to its codes: the negated peak of a profile. */
        PROBE_RESPONSE {
            @Override
            double of(double[] losses, double probed) {
                return -probed;
            }
        };

        private static final int SMOOTHED = 5;

        /**
         * The metric of a piece.
         *
         * @param losses losses of its codes, NaN where there is none
         * @param probed increase of the mean loss of the codes of the probe
         */
        abstract double of(double[] losses, double probed);

        /** Its name in tables. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it depends on the shape of a curve, and not only on its height. */
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
