package org.encore.preferences.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.preferences.Preference;

/**
 * Raters in front of clips.
 *
 * @param population the raters
 * @param scale how they hear
 * @param amounts of each taste in each clip, in standard deviations, {@code [clips][tastes]}
 */
record Electorate(Population population, Scale scale, List<double[]> amounts) {
    private static final double MOST_SHARPNESS = 1e4;
    private static final int HALVINGS = 60;

    static Electorate of(Population population, Scale scale, List<double[]> rawAmounts) {
        return new Electorate(
                population, scale, rawAmounts.stream().map(scale::standardised).toList());
    }

    /** Two clips, and the rater who is asked. */
    record Matchup(int rater, int a, int b) {}

    /** What the rater says. */
    Preference vote(Matchup pair, RandomGenerator random) {
        double[] p = probabilities(pair, scale.sharpness());
        double draw = random.nextDouble();
        return draw < p[0] ? Preference.A : draw < p[0] + p[1] ? Preference.B : Preference.TIE;
    }

    /**
     * The sharpness at which strict votes agree with the population's mean taste as often as is wanted.
     *
     * @throws IllegalArgumentException if not even raters without noise agree as often
     */
    double sharpnessFor(double agreement, List<Matchup> pairs) {
        double low = 0.0;
        double high = MOST_SHARPNESS;
        double most = agreement(pairs, high);
        if (most < agreement) {
            throw new IllegalArgumentException(
                    "agreement is " + agreement + ", but raters with tastes so different agree"
                            + " with each other's mean in " + most + " of the votes at most: lower it, or the spread");
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2.0;
            if (agreement(pairs, middle) < agreement) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Expected share of strict votes for the clip that the population's mean taste prefers. */
    double agreement(List<Matchup> pairs, double sharpness) {
        double agreed = 0.0;
        double strict = 0.0;
        List<Double> mean = new ArrayList<>();
        amounts.forEach(each -> mean.add(population.meanUtility(each)));
        for (Matchup pair : pairs) {
            double[] p = probabilities(pair, sharpness);
            strict += p[0] + p[1];
            agreed += mean.get(pair.a) >= mean.get(pair.b) ? p[0] : p[1];
        }
        return agreed / strict;
    }

    /** How many standard deviations of each taste a clip has above the mean, and what all raters together think of it. */
    Map<String, Double> found(int clip) {
        Map<String, Double> found = new LinkedHashMap<>();
        List<Taste> tastes = List.of(Taste.values());
        for (int i = 0; i < tastes.size(); i++) {
            found.put(tastes.get(i).key(), amounts.get(clip)[i]);
        }
        found.put(ClipTable.UTILITY, population.meanUtility(amounts.get(clip)));
        return found;
    }

    private double[] probabilities(Matchup pair, double sharpness) {
        double half = sharpness
                / 2.0
                * (population.utility(pair.rater, amounts.get(pair.a))
                        - population.utility(pair.rater, amounts.get(pair.b)));
        double most = Math.max(Math.abs(half), scale.tie());
        double[] weights = {Math.exp(half - most), Math.exp(-half - most), Math.exp(scale.tie() - most)};
        double sum = weights[0] + weights[1] + weights[2];
        return new double[] {weights[0] / sum, weights[1] / sum, weights[2] / sum};
    }
}
