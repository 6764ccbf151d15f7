package org.encore.evaluation.profile;

import java.util.Locale;
import org.encore.statistics.Correlation;

/** The metrics that summarise a profile. */
public enum Headline {
    /** Mean Δ of the peak. */
    PEAK(CurveMetrics.PEAK),
    /** Mean Δ of assimilation. */
    ASSIMILATION(CurveMetrics.ASSIMILATION),
    /** Mean Δ of recovery. */
    RECOVERY(CurveMetrics.RECOVERY),
    /** Mean Δ of all damaged codes. */
    DELTA_DAMAGED(CurveMetrics.DAMAGED),
    /** Mean Δ of the first five damaged codes minus that of the others. */
    SHARPNESS(CurveMetrics.SHARPNESS),
    /** Number of codes after the damage until Δ is back at 0. */
    RECOVERY_CODES(CurveMetrics.RECOVERY_CODES),
    /** Slope of the mean Δ of a piece over the length of the damage. */
    SLOPE(null) {
        @Override
        double of(Profile profile, int[] pieces) {
            return byLength(profile, pieces).slope();
        }
    },
    /** Pearson's correlation of length and mean Δ of a piece, one point per length. */
    PEARSON(null) {
        @Override
        double of(Profile profile, int[] pieces) {
            return byLength(profile, pieces).pearson();
        }
    },
    /** Spearman's correlation of the same. */
    SPEARMAN(null) {
        @Override
        double of(Profile profile, int[] pieces) {
            return byLength(profile, pieces).spearman();
        }
    },
    /** Mean loss of the clean pieces, with which profiles are compared. */
    CLEAN_LOSS(CurveMetrics.CLEAN),
    /** Ours: peak / (peak + clean loss), in [0, 1] if the peak is not negative. */
    SCORE(null) {
        @Override
        double of(Profile profile, int[] pieces) {
            double peak = PEAK.of(profile, pieces);
            return peak / (peak + CLEAN_LOSS.of(profile, pieces));
        }
    };

    private final String metric;

    Headline(String metric) {
        this.metric = metric;
    }

    /** The value over some pieces, whose indices may repeat; NaN if not defined. */
    double of(Profile profile, int[] pieces) {
        return profile.meanOverLongLengths(metric, pieces);
    }

    /** Its name in files. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Correlation byLength(Profile profile, int[] pieces) {
        int lengths = profile.settings().lengths().size();
        double[] x = new double[lengths];
        double[] y = new double[lengths];
        for (int i = 0; i < lengths; i++) {
            x[i] = profile.settings().lengths().get(i).amount();
            y[i] = profile.mean(CurveMetrics.DELTA, i, pieces);
        }
        return Correlation.of(x, y);
    }
}
