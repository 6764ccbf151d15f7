package org.encore.evaluation.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** The profile of one model: loss curves and their metrics, for every piece and length. */
public final class Profile {
    /** The paper averages regions over lengths of at least this many codes. */
    private static final int LONG = 50;

    private final ProfileSettings settings;
    private final List<List<LossCurve>> curves;

    /** By name of the metric, {@code [L][P]}. */
    private final Map<String, double[][]> metrics = new LinkedHashMap<>();

    /** A point of the mean curve of a length: frame relative to the onset, codebook, mean Δ, deviation, pieces. */
    public record Point(int frame, int codebook, double mean, double deviation, int pieces) {}

    Profile(ProfileSettings settings, List<List<LossCurve>> curves) {
        this.settings = settings;
        this.curves = List.copyOf(curves);
        for (int length = 0; length < curves.size(); length++) {
            for (int p = 0; p < curves.get(length).size(); p++) {
                int l = length;
                int piece = p;
                CurveMetrics.of(curves.get(length).get(p)).forEach((name, value) -> table(name)[l][piece] = value);
            }
        }
    }

    private double[][] table(String name) {
        return metrics.computeIfAbsent(name, key -> new double[curves.size()][pieces()]);
    }

    public ProfileSettings settings() {
        return settings;
    }

    /** Number of pieces. */
    public int pieces() {
        return curves.get(0).size();
    }

    /** The curve of a piece at a length, both by index. */
    public LossCurve curve(int length, int piece) {
        return curves.get(length).get(piece);
    }

    /** A headline metric over all pieces, with its interval over pieces. */
    public Interval headline(Headline headline) {
        return settings.bootstrap().interval(pieces(), drawn -> headline.of(this, drawn));
    }

    /** A headline metric over some pieces, whose indices may repeat. */
    public double headline(Headline headline, int[] pieces) {
        return headline.of(this, pieces);
    }

    /** All metrics of a length by name: means over pieces, with intervals over pieces. */
    public Map<String, Interval> metrics(int length) {
        Map<String, Interval> means = new LinkedHashMap<>();
        metrics.forEach((name, values) -> means.put(name, settings.bootstrap().mean(values[length])));
        return means;
    }

    double mean(String metric, int length, int[] pieces) {
        double[] values = metrics.get(metric)[length];
        return Means.of(Arrays.stream(pieces).mapToDouble(p -> values[p]).toArray());
    }

    double meanOverLongLengths(String metric, int[] pieces) {
        return Means.of(Arrays.stream(longLengths())
                .mapToDouble(length -> mean(metric, length, pieces))
                .toArray());
    }

    /** Lengths with a mean of at least 50 codes over pieces; all if there are none. */
    private int[] longLengths() {
        int[] found = IntStream.range(0, curves.size())
                .filter(length -> curves.get(length).stream()
                                .mapToInt(curve -> curve.end() - curve.first())
                                .average()
                                .orElseThrow()
                        >= LONG)
                .toArray();
        return found.length == 0 ? IntStream.range(0, curves.size()).toArray() : found;
    }

    /**
     * The mean curve of a length: frames that all pieces have, from {@code lead} before the onset on.
     *
     * @return points by codebook, then by frame
     */
    public List<Point> meanCurve(int length, int lead) {
        List<LossCurve> ofLength = curves.get(length);
        int frames = ofLength.stream()
                .mapToInt(curve -> curve.delta()[0].length)
                .min()
                .orElseThrow();
        int first = settings.onset();
        List<Point> points = new ArrayList<>();
        for (int k = 0; k < ofLength.get(0).delta().length; k++) {
            for (int f = Math.max(0, first - lead); f < frames; f++) {
                int codebook = k;
                int frame = f;
                double[] values = ofLength.stream()
                        .mapToDouble(curve -> curve.delta()[codebook][frame])
                        .toArray();
                double mean = Means.of(values);
                double variance = Means.of(Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .toArray());
                points.add(new Point(f - first, k, mean, Math.sqrt(variance), values.length));
            }
        }
        return points;
    }

    /**
     * The losses of a model on one piece, clean and damaged.
     *
     * @param clean loss of each code of the clean piece, {@code [K][F]}; NaN where there is none
     * @param delta loss of the damaged piece minus that of the clean one, {@code [K][F]}
     * @param first first damaged frame
     * @param end first frame after the damage
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record LossCurve(double[][] clean, double[][] delta, int first, int end) {
        /** The curve from the log-probabilities of the clean and of the damaged codes. */
        static LossCurve of(double[][] clean, double[][] damaged, int first, int end) {
            double[][] loss = new double[clean.length][clean[0].length];
            double[][] delta = new double[clean.length][clean[0].length];
            for (int k = 0; k < clean.length; k++) {
                for (int f = 0; f < clean[k].length; f++) {
                    loss[k][f] = -clean[k][f];
                    delta[k][f] = clean[k][f] - damaged[k][f];
                }
            }
            return new LossCurve(loss, delta, first, end);
        }

        /** Δ of each frame, mean over codebooks, {@code [F]}. */
        public double[] meanDelta() {
            double[] mean = new double[delta[0].length];
            for (int f = 0; f < mean.length; f++) {
                double[] column = new double[delta.length];
                for (int k = 0; k < column.length; k++) {
                    column[k] = delta[k][f];
                }
                mean[f] = Means.of(column);
            }
            return mean;
        }

        /** Mean loss of the clean piece. */
        public double cleanLoss() {
            double[] rows = new double[clean.length];
            for (int k = 0; k < rows.length; k++) {
                rows[k] = Means.of(clean[k]);
            }
            return Means.of(rows);
        }
    }
}
