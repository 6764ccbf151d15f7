package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.preferences.statistics.Contest.Game;

/** What the best predictor that knows the items alone could reach: how well all other raters predict one. */
final class Ceiling {
    private Ceiling() {}

    /**
     * Leaves out each rater in turn, fits strengths to the games of all others, and counts how many of the rater's strict
     * votes prefer the stronger item; items of equal strength count one half, and one that nobody else judged is average.
     *
     * @param items how many there are
     * @param raters the games of each rater
     * @param replicates of the bootstrap, which draws raters
     * @return accuracy; empty if there are fewer than two raters with strict votes
     */
    static Optional<Interval> of(int items, List<List<Game>> raters, RandomGenerator random, int replicates) {
        List<double[]> hits = new ArrayList<>();
        for (int rater = 0; rater < raters.size(); rater++) {
            double[] counted = hits(items, rater, raters);
            if (counted[1] > 0.0) {
                hits.add(counted);
            }
        }
        if (hits.size() < 2) {
            return Optional.empty();
        }
        double[] accuracies = new double[replicates];
        for (int i = 0; i < replicates; i++) {
            accuracies[i] = accuracy(Resampling.drawn(hits, random));
        }
        return Optional.of(Interval.ofReplicates(accuracy(hits), accuracies));
    }

    private static double accuracy(List<double[]> hits) {
        return hits.stream().mapToDouble(each -> each[0]).sum()
                / hits.stream().mapToDouble(each -> each[1]).sum();
    }

    /** How many of a rater's strict votes the others predict, and how many there are. */
    private static double[] hits(int items, int rater, List<List<Game>> raters) {
        List<Game> others = new ArrayList<>();
        for (int other = 0; other < raters.size(); other++) {
            others.addAll(other == rater ? List.of() : raters.get(other));
        }
        double[] hits = new double[2];
        if (others.isEmpty()) {
            return hits;
        }
        Davidson model = Davidson.fit(items, others);
        for (Game game : raters.get(rater)) {
            if (game.outcome() != 0) {
                double margin =
                        model.strengths().get(game.first()) - model.strengths().get(game.second());
                hits[0] += margin == 0.0 ? 0.5 : Math.signum(margin) == game.outcome() ? 1.0 : 0.0;
                hits[1]++;
            }
        }
        return hits;
    }
}
