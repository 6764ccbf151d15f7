package org.encore.statistics;

/** Number of votes that an interval of a given width needs. */
public final class SampleSize {
    private SampleSize() {}

    /**
     * Votes until the 95 % interval of a win rate near 1/2, where it is widest, reaches no farther than this to each side.
     *
     * <p>Solves {@link Interval#ofShare} for the number of trials: with p = 1/2 its half width is z / (2 sqrt(n + z²)).
     *
     * @param halfWidth in (0, 0.5), e.g. 0.05 for ± 5 points
     */
    public static long votesForWinRate(double halfWidth) {
        if (!(halfWidth > 0.0 && halfWidth < 0.5)) {
            throw new IllegalArgumentException("halfWidth is " + halfWidth + ", but must lie in (0, 0.5)");
        }
        double z2 = Interval.Z * Interval.Z;
        return (long) Math.ceil(z2 / (4.0 * halfWidth * halfWidth) - z2);
    }

    /** Votes of the kind at hand until an interval has a half width, which shrinks with the root of their number. */
    public static long votesForHalfWidth(long votes, double halfWidthNow, double halfWidthWanted) {
        double ratio = halfWidthNow / halfWidthWanted;
        return (long) Math.ceil(votes * ratio * ratio);
    }
}
