package org.encore.evaluation.profile;

import org.encore.statistics.Means;

/** Where peak, assimilation and recovery of a curve begin and end. */
public sealed interface RegionRule {
    /** Values in a row that count as a crossing: the paper's choice, in its text as in its code. */
    int RUN = 5;

    /**
     * Finds the regions.
     *
     * @param delta Δ of each frame
     * @param first first damaged frame
     * @param end first frame after the damage
     */
    Regions of(double[] delta, int first, int end);

    /** The first frame in {@code [from, to)} that begins a run of values at most {@code limit}; -1 if there is none. */
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
     * The regions as the paper's published code cuts them: fixed places, no smoothing.
     *
     * <p>The peak starts 5 codes before the onset and ends at the first five codes in a row at or below the mean of what lies
     * more than 50 codes before the onset, or 50 codes after its start if there are none; assimilation ends 3 codes after the
     * damage. Ours: the search begins at the onset, because Δ of a causal model is exactly 0 before it when codes and not the
     * waveform are damaged; and where nothing lies 50 codes before the onset, the baseline is 0.
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
     * The regions as the paper describes them: the peak lasts until a moving average of Δ crosses zero for five codes in a row;
     * assimilation is the rest of the damage, recovery what follows it.
     *
     * <p>Ours, where the text is silent: the average is over five codes and takes none from before the onset; the peak has at
     * least one code; where there is no crossing it has the five that the paper names as its usual length.
     */
    record TextRegions() implements RegionRule {
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

    /**
     * The regions of a curve: peak, assimilation, recovery, one after the other, frames from the first to before the next.
     *
     * @param peak first frame of the peak
     * @param assimilation first frame after the peak
     * @param recovery first frame after assimilation
     * @param end number of frames
     * @param crossed whether the curve came down to the baseline within the damage
     */
    record Regions(int peak, int assimilation, int recovery, int end, boolean crossed) {}
}
