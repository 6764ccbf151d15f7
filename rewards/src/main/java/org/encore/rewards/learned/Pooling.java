package org.encore.rewards.learned;

/** How the numbers of all steps become one. */
public enum Pooling {
    /** The number of the last step, whose state has seen all codes before it. */
    LAST {
        @Override
        public double weight(int step, int steps) {
            return step == steps - 1 ? 1.0 : 0.0;
        }
    },
    /** The mean over all steps, so that every step learns and long clips do not score higher for being long. */
    MEAN {
        @Override
        public double weight(int step, int steps) {
            return 1.0 / steps;
        }
    };

    /** What a step's number counts; the weights of all steps of a clip sum to 1. */
    public abstract double weight(int step, int steps);

    /**
     * Pools the numbers of one clip.
     *
     * @param numbers of all rows of a pass
     * @param from the clip's first row
     * @param steps how many rows of it count
     */
    public double pooled(double[] numbers, int from, int steps) {
        double sum = 0.0;
        for (int step = 0; step < steps; step++) {
            sum += weight(step, steps) * numbers[from + step];
        }
        return sum;
    }
}
