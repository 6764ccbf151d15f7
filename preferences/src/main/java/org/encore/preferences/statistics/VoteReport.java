package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.statistics.Contest.Game;
import org.encore.statistics.Interval;

/**
 * All that a set of votes says.
 *
 * @param votes how many there are
 * @param raters how many gave them
 * @param prompts how many different prompts they are about
 * @param opinions how often each opinion was given
 * @param agreement of the raters
 * @param ranking the items, strongest first; empty if there are more than {@value #MOST_ITEMS}
 * @param tie Davidson's tie parameter; negative infinity if there was no tie
 * @param ceiling accuracy of the best predictor that knows the items alone, where it can be told
 */
public record VoteReport(
        int votes,
        int raters,
        int prompts,
        SortedMap<Preference, Integer> opinions,
        RaterAgreement agreement,
        List<Ranked> ranking,
        double tie,
        Optional<Interval> ceiling) {
    /** More items are not ranked: each would have too few votes, and the fit would take too long. */
    public static final int MOST_ITEMS = 500;

    /**
     * One item of the ranking.
     *
     * @param item its name
     * @param games votes it took part in
     * @param strength log-odds in nats
     * @param winShare how often it would be preferred to an item of mean strength
     */
    public record Ranked(String item, int games, Interval strength, Interval winShare) {}

    /**
     * How the report is made.
     *
     * @param by what is ranked
     * @param resampling what the bootstrap draws
     * @param replicates of the bootstrap, at least 1
     * @param seed of the bootstrap
     */
    public record Settings(Contest.By by, Resampling resampling, int replicates, long seed) {
        public Settings {
            if (replicates < 1) {
                throw new IllegalArgumentException("replicates is " + replicates + ", but must be at least 1");
            }
        }
    }

    /** Evaluates votes; skipped pairs count in {@code votes} and {@code opinions} only. */
    public static VoteReport of(List<Vote> votes, Settings settings) {
        RandomStreams streams = new RandomStreams(settings.seed());
        Contest contest = Contest.of(votes, settings.by());
        boolean rankable = !contest.items().isEmpty() && contest.items().size() <= MOST_ITEMS;
        Davidson model = rankable
                ? Davidson.fit(contest.items().size(), contest.games())
                : new Davidson(List.of(), Double.NEGATIVE_INFINITY);
        List<Ranked> ranking =
                rankable ? ranking(votes, contest, model, settings, streams.stream(Purpose.BOOTSTRAP, 0)) : List.of();
        Optional<Interval> ceiling = rankable
                ? Ceiling.of(
                        contest.items().size(),
                        games(votes, contest, settings.by(), Resampling.RATERS),
                        streams.stream(Purpose.BOOTSTRAP, 1),
                        settings.replicates())
                : Optional.empty();
        return new VoteReport(
                votes.size(),
                different(votes, Vote::rater),
                different(votes, Vote::prompt),
                opinions(votes),
                RaterAgreement.of(votes),
                ranking,
                model.tie(),
                ceiling);
    }

    private static List<Ranked> ranking(
            List<Vote> votes, Contest contest, Davidson model, Settings settings, RandomGenerator random) {
        int items = contest.items().size();
        double[][] replicates = new double[items][settings.replicates()];
        List<List<Contest.Game>> groups = games(votes, contest, settings.by(), settings.resampling());
        for (int replicate = 0; replicate < settings.replicates(); replicate++) {
            List<Contest.Game> drawn = new ArrayList<>();
            Resampling.drawn(groups, random).forEach(drawn::addAll);
            Davidson fit = Davidson.fit(items, drawn);
            for (int item = 0; item < items; item++) {
                replicates[item][replicate] = fit.strengths().get(item);
            }
        }
        List<Ranked> ranking = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            Interval strength = Interval.ofReplicates(model.strengths().get(item), replicates[item]);
            ranking.add(new Ranked(contest.items().get(item), gamesOf(item, contest), strength, winShare(strength)));
        }
        ranking.sort(
                Comparator.comparingDouble((Ranked each) -> -each.strength().value()));
        return ranking;
    }

    private static List<List<Contest.Game>> games(
            List<Vote> votes, Contest contest, Contest.By by, Resampling resampling) {
        return resampling.groups(votes).stream()
                .map(group -> Contest.games(contest.items(), group, by))
                .toList();
    }

    private static int gamesOf(int item, Contest contest) {
        return (int) contest.games().stream()
                .filter(game -> game.first() == item || game.second() == item)
                .count();
    }

    private static Interval winShare(Interval strength) {
        return new Interval(
                Davidson.logistic(strength.value()),
                Davidson.logistic(strength.low()),
                Davidson.logistic(strength.high()));
    }

    private static int different(List<Vote> votes, Function<Vote, String> property) {
        return (int) votes.stream().map(property).distinct().count();
    }

    private static SortedMap<Preference, Integer> opinions(List<Vote> votes) {
        Map<Preference, Integer> counts = new EnumMap<>(Preference.class);
        for (Preference each : Preference.values()) {
            counts.put(each, 0);
        }
        votes.forEach(vote -> counts.merge(vote.preferred(), 1, Integer::sum));
        return new TreeMap<>(counts);
    }

    /** What the best predictor that knows the items alone could reach: how well all other raters predict one. */
    static final class Ceiling {
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
                    double margin = model.strengths().get(game.first())
                            - model.strengths().get(game.second());
                    hits[0] += margin == 0.0 ? 0.5 : Math.signum(margin) == game.outcome() ? 1.0 : 0.0;
                    hits[1]++;
                }
            }
            return hits;
        }
    }
}
