package org.encore.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Agreement of any number of raters beyond chance, after Krippendorff; raters may have judged some units only. */
public final class KrippendorffAlpha {
    private KrippendorffAlpha() {}

    /** How far apart two values are. */
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
     * 1 - (disagreement within units) / (disagreement among all values).
     *
     * @param units the values that each unit was given; units with fewer than two say nothing
     * @return 1 for full agreement, 0 for chance; NaN if no two values can be compared, or all are the same
     */
    public static double of(List<List<Double>> units, Distance distance) {
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

    /** Sum of the distances over all ordered couples of values. */
    private static double pairs(Map<Double, Double> counts, Distance distance) {
        double sum = 0.0;
        for (Map.Entry<Double, Double> one : counts.entrySet()) {
            for (Map.Entry<Double, Double> other : counts.entrySet()) {
                sum += one.getValue() * other.getValue() * distance.between(one.getKey(), other.getKey());
            }
        }
        return sum;
    }
}
