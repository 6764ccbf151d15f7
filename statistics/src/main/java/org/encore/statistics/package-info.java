/**
 * Statistics of all reports: estimates with intervals, tests, agreement of raters, and rankings from comparisons.
 *
 * <p>Read first: {@link org.encore.statistics.Interval}, then {@link org.encore.statistics.Clusters} and {@link
 * org.encore.statistics.Bootstrap}; {@code docs/statistics.md} says which interval is used where.
 *
 * <ul>
 *   <li>{@link org.encore.statistics.Interval}: percentile interval of a bootstrap (Efron 1979), interval of a share
 *       (Wilson 1927), interval of a correlation (Fisher 1915).
 *   <li>{@link org.encore.statistics.Bootstrap}: resampling of items (Efron 1979), of clusters and of paired
 *       differences (Davison and Hinkley 1997).
 *   <li>{@link org.encore.statistics.Clusters}: observations that vary together in one way or in two crossed ways
 *       (Cameron, Gelbach and Miller 2011).
 *   <li>{@link org.encore.statistics.Significance}: signed-rank test (Wilcoxon 1945), correction of several p-values
 *       (Holm 1979).
 *   <li>{@link org.encore.statistics.AccuracyCeiling}: the highest possible accuracy of a predictor of votes.
 *   <li>{@link org.encore.statistics.BradleyTerry}: probability of the outcome of a game given its margin (Bradley and
 *       Terry 1952, ties by Davidson 1970), its gradient, and weights of a linear margin.
 *   <li>{@link org.encore.statistics.Davidson}: strengths of items fitted to games (Davidson 1970).
 *   <li>{@link org.encore.statistics.Agreement}: kappa (Cohen 1960), alpha (Krippendorff 2011), intraclass correlation
 *       (Shrout and Fleiss 1979); {@link org.encore.statistics.RaterAgreement} applies them to comparisons of pairs.
 *   <li>{@link org.encore.statistics.VarianceComponents}: variance between and within groups (Searle, Casella and McCulloch
 *       1992).
 *   <li>{@link org.encore.statistics.Correlation}: Pearson's and Spearman's correlation, slope, area under the receiver
 *       operating characteristic (Mann and Whitney 1947).
 *   <li>{@link org.encore.statistics.Interval.SampleSize}: number of votes for an interval of a given width.
 * </ul>
 *
 * <p>Invariants: NaN is left out of means, correlations and intervals; the same values and seed give the same interval;
 * no result changes if the two items of all games are exchanged.
 *
 * <p>To change how intervals are made, change {@link org.encore.statistics.Bootstrap} or {@link
 * org.encore.statistics.Clusters}, and run {@code CoverageTest}.
 */
package org.encore.statistics;
