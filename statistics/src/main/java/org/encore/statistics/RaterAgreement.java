package org.encore.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.encore.statistics.Agreement.Distance;

/**
 * Agreement of raters on pairs of clips that several of them compared.
 *
 * <p>Which clip is called a is arbitrary, so every pair counts in both orders. Chance agreement is then independent of
 * the names; for two raters without ties it is 1/2.
 *
 * @param sharedPairs number of pairs with at least two raters
 * @param agreement share of agreement among all couples of strict votes on one pair; NaN without any
 * @param kappa Cohen's, mean over couples of raters with at least {@value #FEWEST_SHARED} pairs in common, weighted by
 *     their number; a tie is a category of its own; NaN without such a couple
 * @param alpha Krippendorff's, with a tie half way between the clips; NaN without shared pairs
 */
public record RaterAgreement(int sharedPairs, double agreement, double kappa, double alpha) {
    /** Fewest common pairs; with fewer, kappa is mostly noise. */
    public static final int FEWEST_SHARED = 5;

    private static final int OUTCOMES = 3;

    /**
     * Computes the agreement of all raters.
     *
     * @param pairs for each pair of clips the outcome by rater: 1 if the first clip was preferred, -1 if the second, 0
     *     for a tie; pairs with fewer than two raters are left out
     */
    public static RaterAgreement of(List<SortedMap<String, Integer>> pairs) {
        List<SortedMap<String, Integer>> shared =
                pairs.stream().filter(pair -> pair.size() >= 2).toList();
        return new RaterAgreement(shared.size(), agreement(shared), kappa(shared), alpha(shared));
    }

    private static double agreement(List<SortedMap<String, Integer>> shared) {
        double same = 0.0;
        double all = 0.0;
        for (SortedMap<String, Integer> pair : shared) {
            double first = pair.values().stream().filter(each -> each > 0).count();
            double second = pair.values().stream().filter(each -> each < 0).count();
            same += (first * (first - 1.0) + second * (second - 1.0)) / 2.0;
            all += (first + second) * (first + second - 1.0) / 2.0;
        }
        return all == 0.0 ? Double.NaN : same / all;
    }

    private static double alpha(List<SortedMap<String, Integer>> shared) {
        List<List<Double>> units = new ArrayList<>();
        for (SortedMap<String, Integer> pair : shared) {
            units.add(pair.values().stream().map(Integer::doubleValue).toList());
            units.add(pair.values().stream().map(each -> 0.0 - each).toList());
        }
        return Agreement.krippendorffAlpha(units, Distance.INTERVAL);
    }

    private static double kappa(List<SortedMap<String, Integer>> shared) {
        Map<String, Integer> raters = new HashMap<>();
        Map<Long, int[]> byCouple = new HashMap<>();
        for (SortedMap<String, Integer> pair : shared) {
            int[] rater = new int[pair.size()];
            int[] outcome = new int[pair.size()];
            int count = 0;
            for (Map.Entry<String, Integer> each : pair.entrySet()) {
                Integer known = raters.putIfAbsent(each.getKey(), raters.size());
                rater[count] = known == null ? raters.size() - 1 : known;
                outcome[count] = each.getValue() + 1;
                count++;
            }
            for (int i = 0; i < count; i++) {
                for (int j = i + 1; j < count; j++) {
                    boolean ordered = rater[i] < rater[j];
                    long key = Clusters.key(ordered ? rater[i] : rater[j], ordered ? rater[j] : rater[i]);
                    int one = ordered ? outcome[i] : outcome[j];
                    int other = ordered ? outcome[j] : outcome[i];
                    byCouple.computeIfAbsent(key, unused -> new int[OUTCOMES * OUTCOMES])[OUTCOMES * one + other]++;
                }
            }
        }
        double sum = 0.0;
        double weight = 0.0;
        for (int[] table : byCouple.values()) {
            int pairs = Arrays.stream(table).sum();
            double kappa = pairs < FEWEST_SHARED ? Double.NaN : inBothOrders(table, pairs);
            if (!Double.isNaN(kappa)) {
                sum += kappa * pairs;
                weight += pairs;
            }
        }
        return weight == 0.0 ? Double.NaN : sum / weight;
    }

    /** Kappa of a table of two raters' outcomes and of its mirror image. */
    private static double inBothOrders(int[] table, int pairs) {
        int[] one = new int[2 * pairs];
        int[] other = new int[2 * pairs];
        int next = 0;
        for (int cell = 0; cell < table.length; cell++) {
            for (int times = 0; times < table[cell]; times++) {
                one[next] = cell / OUTCOMES - 1;
                other[next] = cell % OUTCOMES - 1;
                one[next + pairs] = -one[next];
                other[next + pairs] = -other[next];
                next++;
            }
        }
        return Agreement.cohenKappa(one, other);
    }
}
