package org.encore.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
        Map<String, List<int[]>> byCouple = new TreeMap<>();
        for (SortedMap<String, Integer> pair : shared) {
            List<Map.Entry<String, Integer>> given = List.copyOf(pair.entrySet());
            for (int i = 0; i < given.size(); i++) {
                for (int j = i + 1; j < given.size(); j++) {
                    String couple =
                            given.get(i).getKey() + "\u0000" + given.get(j).getKey();
                    byCouple.computeIfAbsent(couple, unused -> new ArrayList<>())
                            .add(new int[] {
                                given.get(i).getValue(), given.get(j).getValue()
                            });
                }
            }
        }
        double sum = 0.0;
        double weight = 0.0;
        for (List<int[]> couple : byCouple.values()) {
            double kappa = inBothOrders(couple);
            if (couple.size() >= FEWEST_SHARED && !Double.isNaN(kappa)) {
                sum += kappa * couple.size();
                weight += couple.size();
            }
        }
        return weight == 0.0 ? Double.NaN : sum / weight;
    }

    private static double inBothOrders(List<int[]> couple) {
        int[] one = new int[2 * couple.size()];
        int[] other = new int[2 * couple.size()];
        for (int i = 0; i < couple.size(); i++) {
            one[2 * i] = couple.get(i)[0];
            other[2 * i] = couple.get(i)[1];
            one[2 * i + 1] = -one[2 * i];
            other[2 * i + 1] = -other[2 * i];
        }
        return Agreement.cohenKappa(one, other);
    }
}
