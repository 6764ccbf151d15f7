package org.encore.evaluation.profile;

/**
 * The regions as the paper describes them: the peak lasts until a moving average of Δ crosses zero for five codes in a row;
 * assimilation is the rest of the damage, recovery what follows it.
 *
 * <p>Ours, where the text is silent: the average is over five codes and takes none from before the onset; the peak has at
 * least one code; where there is no crossing it has the five that the paper names as its usual length.
 */
public record TextRegions() implements RegionRule {
    /** Codes of the moving average. */
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
