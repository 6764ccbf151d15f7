package org.encore.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Coefficients of agreement of raters: 1 for full agreement, 0 for chance. */
public final class Agreement {
    private Agreement() {}

    /** Distance of two values. */
    public enum Distance {
        /** 1 if they differ. */
        NOMINAL {
            @Override
            double between(double one, double other) {
                return Double.compare(one, other) == 0 ? 0.0 : 1.0;
            }
        },
        /** The square of their difference. */
        INTERVAL {
            @Override
            double between(double one, double other) {
                return (one - other) * (one - other);
            }
        };

        abstract double between(double one, double other);
    }

    /**
     * Kappa of two raters by Cohen (1960): (agreement - agreement by chance) / (1 - agreement by chance), with each
     * rater's own shares of the categories.
     *
     * @param one categories that the first rater gave
     * @param other categories that the second rater gave to the same units
     * @return NaN without units, or if both always gave the same category
     */
    public static double cohenKappa(int[] one, int[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException("one rater judged " + one.length + " units and the other " + other.length
                    + ", but must be the same");
        }
        Map<Integer, double[]> shares = new TreeMap<>();
        double agreed = 0.0;
        for (int i = 0; i < one.length; i++) {
            shares.computeIfAbsent(one[i], unused -> new double[2])[0] += 1.0 / one.length;
            shares.computeIfAbsent(other[i], unused -> new double[2])[1] += 1.0 / one.length;
            agreed += one[i] == other[i] ? 1.0 / one.length : 0.0;
        }
        double chance = shares.values().stream()
                .mapToDouble(share -> share[0] * share[1])
                .sum();
        return one.length == 0 || chance >= 1.0 ? Double.NaN : (agreed - chance) / (1.0 - chance);
    }

    /**
     * Alpha of any number of raters by Krippendorff (2011, Computing Krippendorff's alpha-reliability): 1 -
     * (disagreement within units) / (disagreement among all values). Raters may have judged some units only.
     *
     * @param units the values of each unit; units with fewer than two are left out
     * @return NaN if no two values can be compared, or all are equal
     */
    public static double krippendorffAlpha(List<List<Double>> units, Distance distance) {
        Map<Double, Double> all = new TreeMap<>();
        double observed = 0.0;
        double count = 0.0;
        for (List<Double> unit : units) {
            if (unit.size() >= 2) {
                Map<Double, Double> values = new TreeMap<>();
                unit.forEach(value -> values.merge(value, 1.0, Double::sum));
                values.forEach((value, times) -> all.merge(value, times, Double::sum));
                observed += pairs(values, distance) / (unit.size() - 1);
                count += unit.size();
            }
        }
        double expected = pairs(all, distance) / (count - 1.0);
        return expected > 0.0 ? 1.0 - observed / expected : Double.NaN;
    }

    /** Sum of the distances over all ordered pairs of values. */
    private static double pairs(Map<Double, Double> counts, Distance distance) {
        double sum = 0.0;
        for (Map.Entry<Double, Double> one : counts.entrySet()) {
            for (Map.Entry<Double, Double> other : counts.entrySet()) {
                sum += one.getValue() * other.getValue() * distance.between(one.getKey(), other.getKey());
            }
        }
        return sum;
    }

    /**
     * The reliability of the mean rating of a unit, from the ratings alone: {@code (MSB - MSW) / MSB} of a one-way
     * analysis of variance, the intraclass correlation ICC(1, k) of Shrout and Fleiss (1979). Its square root estimates
     * the correlation of mean rating and true score.
     *
     * @param units the ratings of each unit, at least two units with k ratings each, k at least 2
     * @return at most 1; below 0 if the ratings of one unit differ more than those of different units
     */
    public static double intraclassCorrelation(List<double[]> units) {
        int k = units.get(0).length;
        double grandMean = units.stream().mapToDouble(Means::of).average().orElseThrow();
        double between = 0.0;
        double within = 0.0;
        for (double[] unit : units) {
            double mean = Means.of(unit);
            between += k * (mean - grandMean) * (mean - grandMean);
            for (double rating : unit) {
                within += (rating - mean) * (rating - mean);
            }
        }
        double meanBetween = between / (units.size() - 1);
        double meanWithin = within / (units.size() * (k - 1.0));
        return (meanBetween - meanWithin) / meanBetween;
    }
}
