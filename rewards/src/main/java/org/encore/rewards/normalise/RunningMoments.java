package org.encore.rewards.normalise;

/**
 * Mean and spread of what has been seen so far, updated one number at a time; all a checkpoint has to keep.
 *
 * @param count how many numbers were seen, at least 0
 * @param mean their mean; 0 before the first
 * @param squares sum of their squared deviations from the mean, at least 0
 * @paper Welford 1962, Note on a method for calculating corrected sums of squares and products
 */
public record RunningMoments(long count, double mean, double squares) {
    /** Nothing seen yet. */
    public static final RunningMoments NONE = new RunningMoments(0, 0.0, 0.0);

    public RunningMoments {
        if (count < 0) {
            throw new IllegalArgumentException("count is " + count + ", but must be at least 0");
        }
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException("mean is " + mean + ", but must be finite");
        }
        if (!(squares >= 0.0 && squares < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("squares is " + squares + ", but must be at least 0 and finite");
        }
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
