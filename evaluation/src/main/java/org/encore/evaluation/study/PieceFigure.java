package org.encore.evaluation.study;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.encore.evaluation.statistics.Means;

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
