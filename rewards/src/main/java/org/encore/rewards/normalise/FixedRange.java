package org.encore.rewards.normalise;

/**
 * Maps a range onto [0, 1]; scores beyond it are mapped beyond, unless they are clipped afterwards.
 *
 * @param low the raw score that becomes 0
 * @param high the raw score that becomes 1, above {@code low}
 * @paper Cideron et al. 2024, MusicRL, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: opinion scores
 *     from [1, 5] to [0, 1]
 */
public record FixedRange(double low, double high) implements Normaliser {
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
