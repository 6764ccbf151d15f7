package org.encore.rewards.mixture;

import org.encore.base.settings.Checks;

/** Maps a raw score to the common scale on which rewards are weighed. */
public sealed interface Normaliser {
    /**
     * Normalises one score.
     *
     * @param raw the score, in units of its reward
     * @param observed moments of all raw scores so far, this one included
     */
    double normalised(double raw, RunningMoments observed);

    /** A short description for explanations. */
    String description();

    /** Whether {@link #normalised} needs the moments of the first scores of a run instead of those of all. */
    default boolean usesFirstScores() {
        return false;
    }

    /** No normalisation. */
    static Normaliser defaults() {
        return Identity.defaults();
    }

    /**
     * Maps the range from {@code low} to {@code high} linearly onto [0, 1], without clipping.
     *
     * @param low raw score that maps to 0
     * @param high raw score that maps to 1, above {@code low}
     * @paper Cideron et al. 2024, MusicRL, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: opinion
     *     scores from [1, 5] to [0, 1]
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

    /** Leaves scores as they are, for rewards that are on the common scale already. */
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
     * Standardises with a fixed mean and standard deviation, such as those of the scores of the initial model.
     *
     * @param mean mean, in units of the reward
     * @param sd standard deviation, in units of the reward
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
     * Standardises with the mean and the population standard deviation of the scores of the first iteration, whose completions
     * are those of the initial model: a fixed scale without typed numbers.
     *
     * <p>If a reward scores fewer than two completions of an iteration, or all alike, its scores are 0 and the next iteration
     * is measured. Checkpoints keep the numbers, so the scale never changes within a run.
     */
    record MeasuredReference() implements Normaliser {
        /** The only value. */
        public static MeasuredReference defaults() {
            return new MeasuredReference();
        }

        @Override
        public boolean usesFirstScores() {
            return true;
        }

        @Override
        public double normalised(double raw, RunningMoments first) {
            return first.variance() > 0.0 ? (raw - first.mean()) / first.standardDeviation() : 0.0;
        }

        @Override
        public String description() {
            return "in standard deviations from the mean of the initial model";
        }
    }

    /**
     * Standardises with the mean and variance of all scores so far: {@code (x - mean) / sqrt(variance + 1e-8)}.
     *
     * <p>The scale changes as the policy improves, most of all in the first steps; use {@link ReferenceDistribution}
     * for a fixed scale. Scores are 0 until two of them differ.
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
     * Running mean and variance, updated one number at a time.
     *
     * @param count how many numbers were added
     * @param mean their mean; 0 before the first
     * @param squares sum of their squared deviations from the mean, at least 0
     * @paper Welford 1962, Note on a method for calculating corrected sums of squares and products
     */
    record RunningMoments(long count, double mean, double squares) {
        /** The moments of no numbers. */
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
     * Bounds of a normalised score, so that no single sample or reward outweighs all others.
     *
     * @param low lower bound, below {@code high}; negative infinity for none
     * @param high upper bound; infinity for none
     */
    record Bounds(double low, double high) {
        public Bounds {
            if (!(low < high)) {
                throw new IllegalArgumentException("low is " + low + ", but must lie below high, which is " + high);
            }
        }

        /** No bounds. */
        public static Bounds defaults() {
            return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        /** The nearest number within the bounds. */
        public double clipped(double value) {
            return Math.max(low, Math.min(high, value));
        }
    }
}
