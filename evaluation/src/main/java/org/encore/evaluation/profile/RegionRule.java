package org.encore.evaluation.profile;

/** Where peak, assimilation and recovery of a curve begin and end. */
public sealed interface RegionRule permits TextRegions, CodeRegions {
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
}
