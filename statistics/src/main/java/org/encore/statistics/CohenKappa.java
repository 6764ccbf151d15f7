package org.encore.statistics;

import java.util.Map;
import java.util.TreeMap;

/** Agreement of two raters beyond chance, after Cohen (1960). */
public final class CohenKappa {
    private CohenKappa() {}

    /**
     * (agreement - agreement by chance) / (1 - agreement by chance), with each rater's own shares of the categories.
     *
     * @param one categories that the first rater gave
     * @param other categories that the second rater gave to the same units
     * @return 1 for full agreement, 0 for chance; NaN without units, or if both always gave the same category
     */
    public static double of(int[] one, int[] other) {
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
}
