package org.encore.rewards.mixture;

import org.encore.base.settings.Checks;

/** Brings a raw score to the scale on which rewards are weighed. */
public sealed interface Normaliser {
    /**
     * Normalises one score.
     *
     * @param raw the score, in units of its reward
     * @param observed mean and spread of all raw scores so far, this one included
     */
    double normalised(double raw, RunningMoments observed);

    /** What was done, for explanations; a few words. */
    String description();

    /** Leaves scores as they are. */
    static Normaliser defaults() {
        return Identity.defaults();
    }

    /**
     * Maps a range onto [0, 1]; scores beyond it are mapped beyond, unless they are clipped afterwards.
     *
     * @param low the raw score that becomes 0
     * @param high the raw score that becomes 1, above {@code low}
     * @paper Cideron et al. 2024, MusicRL, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: opinion scores
     *     from [1, 5] to [0, 1]
     */
    record FixedRange(double low, double high) implements Normaliser {
        public FixedRange {
            if (!(Double.isFinite(low) && Double.isFinite(high) && low < high)) {
                throw new IllegalArgumentException(
                        "low is " + low + " and high is " + high + ", but both must be finite and low below high");
            }
        }

        @Override
        public double normalised(double raw, RunningMoments observed) {
            return (raw - low) / (high - low);
        }

        @Override
        public String description() {
            return "from [" + low + ", " + high + "] to [0, 1]";
        }
    }

    /** Leaves scores as they are: right where a reward is on the common scale already. */
    record Identity() implements Normaliser {
        /** The only value. */
        public static Identity defaults() {
            return new Identity();
        }

        @Override
        public double normalised(double raw, RunningMoments observed) {
            return raw;
        }

        @Override
        public String description() {
            return "as it is";
        }
    }

    /**
     * Counts standard deviations from the mean of a known distribution, such as the scores of the initial model.
     *
     * @param mean mean of the reference, in units of the reward
     * @param sd standard deviation of the reference, in units of the reward, above 0
     */
    record ReferenceDistribution(double mean, double sd) implements Normaliser {
        public ReferenceDistribution {
            Checks.finite("mean", mean);
            Checks.above("sd", sd, 0.0);
        }

        @Override
        public double normalised(double raw, RunningMoments observed) {
            return (raw - mean) / sd;
        }

        @Override
        public String description() {
            return "in standard deviations of " + sd + " from " + mean;
        }
    }

    /**
     * Counts standard deviations from the mean of all scores so far: {@code (x - mean) / sqrt(variance + 1e-8)}.
     *
     * <p>The scale moves as the policy improves, most of all in the first steps, and a reward that everybody earns fades;
     * use {@link ReferenceDistribution} where the scale is to stay. Scores that have not differed yet become 0.
     */
    record Running() implements Normaliser {
        private static final double VARIANCE_FLOOR = 1e-8;

        /** The only value. */
        public static Running defaults() {
            return new Running();
        }

        @Override
        public double normalised(double raw, RunningMoments observed) {
            return (raw - observed.mean()) / Math.sqrt(observed.variance() + VARIANCE_FLOOR);
        }

        @Override
        public String description() {
            return "in standard deviations from the running mean";
        }
    }

    /**
     * Mean and spread of what has been seen so far, updated one number at a time; all a checkpoint has to keep.
     *
     * @param count how many numbers were seen, at least 0
     * @param mean their mean; 0 before the first
     * @param squares sum of their squared deviations from the mean, at least 0
     * @paper Welford 1962, Note on a method for calculating corrected sums of squares and products
     */
    record RunningMoments(long count, double mean, double squares) {
        /** Nothing seen yet. */
        public static final RunningMoments NONE = new RunningMoments(0, 0.0, 0.0);

        public RunningMoments {
            Checks.atLeast("count", count, 0);
            Checks.finite("mean", mean);
            Checks.atLeast("squares", squares, 0.0);
        }

        /** The moments after one more number. */
        public RunningMoments plus(double number) {
            double deviation = number - mean;
            double newMean = mean + deviation / (count + 1);
            return new RunningMoments(count + 1, newMean, squares + deviation * (number - newMean));
        }

        /** The population variance (divisor n); 0 before the second number. */
        public double variance() {
            return count == 0 ? 0.0 : squares / count;
        }

        /** The population standard deviation. */
        public double standardDeviation() {
            return Math.sqrt(variance());
        }
    }

    /**
     * Limits a normalised score, so that no single sample or reward can outweigh all others.
     *
     * @param low the least score, below {@code high}; negative infinity for no limit
     * @param high the greatest score; infinity for no limit
     */
    record Bounds(double low, double high) {
        public Bounds {
            if (!(low < high)) {
                throw new IllegalArgumentException("low is " + low + ", but must lie below high, which is " + high);
            }
        }

        /** No limits. */
        public static Bounds defaults() {
            return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        /** The nearest number within the limits. */
        public double clipped(double value) {
            return Math.max(low, Math.min(high, value));
        }
    }
}
