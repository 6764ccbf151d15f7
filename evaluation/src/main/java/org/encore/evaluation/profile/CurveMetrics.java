package org.encore.evaluation.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.CodeRegions;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.Regions;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.TextRegions;
import org.encore.evaluation.profile.Profile.LossCurve;
import org.encore.statistics.Means;

/** The metrics of one curve, by name. */
final class CurveMetrics {
    static final String DELTA = "delta";
    static final String DAMAGED = "delta_damaged";
    static final String CLEAN = "clean_loss";
    static final String PEAK = "peak";
    static final String ASSIMILATION = "assimilation";
    static final String RECOVERY = "recovery";
    static final String SHARPNESS = "sharpness";
    static final String RECOVERY_CODES = "recovery_codes";

    private static final String AREA = "_area";
    private static final String BY_CODE = "_by_code";
    private static final String CROSSED = "crossed";
    private static final String RECOVERED = "recovered";

    /** Number of codes that count as the onset. */
    private static final int ONSET = 5;

    /** Largest distance of the moving average from 0 that counts as recovered, in nats per code: our choice. */
    private static final double TOLERANCE = 0.1;

    private CurveMetrics() {}

    /** Measures a curve; metrics of empty regions are NaN. */
    static Map<String, Double> of(LossCurve curve) {
        double[] delta = curve.meanDelta();
        int first = curve.first();
        int end = curve.end();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(DELTA, Means.of(delta));
        metrics.put(DAMAGED, Means.of(delta, first, end));
        metrics.put(CLEAN, curve.cleanLoss());
        Regions text = new TextRegions().of(delta, first, end);
        means(metrics, "", delta, text);
        metrics.put(PEAK + AREA, area(delta, text.peak(), text.assimilation()));
        metrics.put(ASSIMILATION + AREA, area(delta, text.assimilation(), text.recovery()));
        metrics.put(RECOVERY + AREA, area(delta, text.recovery(), text.end()));
        metrics.put(CROSSED, text.crossed() ? 1.0 : 0.0);
        int onset = Math.min(end, first + ONSET);
        metrics.put(SHARPNESS, Means.of(delta, first, onset) - Means.of(delta, onset, end));
        int recovered = firstCalm(TextRegions.smoothed(delta, end), end);
        metrics.put(RECOVERY_CODES, (double) (recovered < 0 ? delta.length : recovered) - end);
        metrics.put(RECOVERED, recovered < 0 ? 0.0 : 1.0);
        means(metrics, BY_CODE, delta, new CodeRegions().of(delta, first, end));
        byCodebook(metrics, curve);
        return metrics;
    }

    /** Of several codebooks the means of each, under the name of the mean over all and its number from 0. */
    private static void byCodebook(Map<String, Double> metrics, LossCurve curve) {
        int codebooks = curve.delta().length;
        for (int k = 0; codebooks > 1 && k < codebooks; k++) {
            String suffix = "/codebook-" + k;
            double[] delta = curve.delta()[k];
            metrics.put(DELTA + suffix, Means.of(delta));
            metrics.put(DAMAGED + suffix, Means.of(delta, curve.first(), curve.end()));
            metrics.put(RECOVERY + suffix, Means.of(delta, curve.end(), delta.length));
            metrics.put(CLEAN + suffix, Means.of(curve.clean()[k]));
        }
    }

    private static void means(Map<String, Double> metrics, String suffix, double[] delta, Regions r) {
        metrics.put(PEAK + suffix, Means.of(delta, r.peak(), r.assimilation()));
        metrics.put(ASSIMILATION + suffix, Means.of(delta, r.assimilation(), r.recovery()));
        metrics.put(RECOVERY + suffix, Means.of(delta, r.recovery(), r.end()));
    }

    /** Sum of Δ over frames; 0 over none. */
    private static double area(double[] delta, int from, int to) {
        double sum = 0;
        for (int t = from; t < to; t++) {
            sum += delta[t];
        }
        return sum;
    }

    /** The first of five successive frames near 0. */
    private static int firstCalm(double[] smoothed, int from) {
        double[] distances = new double[smoothed.length];
        for (int t = 0; t < distances.length; t++) {
            distances[t] = Math.abs(smoothed[t]);
        }
        return RegionRule.firstRun(distances, from, distances.length, TOLERANCE);
    }

    /** Divides a curve into peak, assimilation and recovery. */
    public sealed interface RegionRule {
        /** Successive values that count as a crossing: the paper's choice, in its text and its code. */
        int RUN = 5;

        /**
         * Finds the regions.
         *
         * @param delta Δ of each frame
         * @param first first damaged frame
         * @param end first frame after the damage
         */
        Regions of(double[] delta, int first, int end);

        /**
         * The first frame in {@code [from, to)} that starts a run of values of at most {@code limit}; -1 if there is
         * none.
         */
        static int firstRun(double[] values, int from, int to, double limit) {
            int run = 0;
            for (int t = from; t < values.length && t < to + RUN - 1; t++) {
                run = values[t] <= limit ? run + 1 : 0;
                if (run == RUN) {
                    return t - RUN + 1;
                }
            }
            return -1;
        }

        /**
         * The regions of the paper's published code: fixed offsets, no smoothing.
         *
         * <p>The peak starts 5 codes before the onset and ends at the first five successive codes at or below the mean
         * of all codes more than 50 before the onset, or 50 codes after its start if there are none; assimilation ends
         * 3 codes after the damage. Ours: the search begins at the onset, because a causal model has Δ = 0 before it
         * (with several codebooks in a delay pattern, up to the delay); and the baseline is 0 if nothing lies 50 codes
         * before the onset.
         */
        record CodeRegions() implements RegionRule {
            private static final int LEAD = 5;
            private static final int LONGEST_PEAK = 50;
            private static final int LAG = 3;
            private static final int BASELINE_GAP = 50;

            @Override
            public Regions of(double[] delta, int first, int end) {
                double before = Means.of(delta, 0, Math.max(0, first - BASELINE_GAP));
                double baseline = Double.isNaN(before) ? 0.0 : before;
                int peak = Math.max(0, first - LEAD);
                int crossing = RegionRule.firstRun(delta, first, delta.length, baseline);
                int assimilation = crossing < 0 ? Math.min(delta.length, peak + LONGEST_PEAK) : crossing;
                int recovery = Math.min(delta.length, end + LAG);
                return new Regions(peak, assimilation, Math.max(assimilation, recovery), delta.length, crossing >= 0);
            }
        }

        /**
         * The regions of the paper's text: the peak lasts until a moving average of Δ is at or below 0 for five
         * successive codes; assimilation is the rest of the damage, recovery what follows it.
         *
         * <p>Ours, where the text does not say: the average is over five codes and excludes those before the onset; the
         * peak has at least one code, and without a crossing five, its usual length in the paper.
         */
        record TextRegions() implements RegionRule {
            /** Number of codes of the moving average. */
            static final int SMOOTHED = 5;

            private static final int USUAL_PEAK = 5;

            @Override
            public Regions of(double[] delta, int first, int end) {
                double[] smoothed = smoothed(delta, first);
                int crossing = RegionRule.firstRun(smoothed, first, end, 0.0);
                int assimilation = crossing < 0 ? Math.min(end, first + USUAL_PEAK) : Math.max(crossing, first + 1);
                return new Regions(first, assimilation, end, delta.length, crossing >= 0);
            }

            /** Centred means, cut off at {@code first} and at the end; values before {@code first} stay as they are. */
            static double[] smoothed(double[] values, int first) {
                double[] means = values.clone();
                int reach = SMOOTHED / 2;
                for (int t = first; t < values.length; t++) {
                    double sum = 0;
                    int from = Math.max(first, t - reach);
                    int to = Math.min(values.length, t + reach + 1);
                    for (int i = from; i < to; i++) {
                        sum += values[i];
                    }
                    means[t] = sum / (to - from);
                }
                return means;
            }
        }

        /**
         * The regions of a curve: successive ranges of frames, each up to the start of the next.
         *
         * @param peak first frame of the peak
         * @param assimilation first frame after the peak
         * @param recovery first frame after assimilation
         * @param end number of frames
         * @param crossed whether the curve reached the baseline within the damage
         */
        record Regions(int peak, int assimilation, int recovery, int end, boolean crossed) {}
    }
}
