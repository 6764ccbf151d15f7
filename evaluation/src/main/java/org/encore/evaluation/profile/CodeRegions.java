package org.encore.evaluation.profile;

import org.encore.evaluation.statistics.Means;

/**
 * The regions as the paper's published code cuts them: fixed places, no smoothing.
 *
 * <p>The peak starts 5 codes before the onset and ends at the first five codes in a row at or below the mean of what lies
 * more than 50 codes before the onset, or 50 codes after its start if there are none; assimilation ends 3 codes after the
 * damage. Ours: the search begins at the onset, because Δ of a causal model is exactly 0 before it when codes and not the
 * waveform are damaged; and where nothing lies 50 codes before the onset, the baseline is 0.
 */
public record CodeRegions() implements RegionRule {
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
