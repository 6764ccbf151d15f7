package org.encore.evaluation.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.evaluation.profile.Profile.LossCurve;
import org.encore.evaluation.profile.RegionRule.CodeRegions;
import org.encore.evaluation.profile.RegionRule.Regions;
import org.encore.evaluation.profile.RegionRule.TextRegions;
import org.encore.statistics.Means;

/** The figures of one curve, by name. */
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

    /** Codes that count as the onset. */
    private static final int ONSET = 5;

    /** How near to 0 the moving average must be to count as recovered, in nats a code: ours. */
    private static final double TOLERANCE = 0.1;

    private CurveMetrics() {}

    /** Measures a curve; figures of regions that are empty are NaN. */
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
        return metrics;
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

    /** The first frame of five in a row near 0. */
    private static int firstCalm(double[] smoothed, int from) {
        double[] distances = new double[smoothed.length];
        for (int t = 0; t < distances.length; t++) {
            distances[t] = Math.abs(smoothed[t]);
        }
        return RegionRule.firstRun(distances, from, distances.length, TOLERANCE);
    }
}
