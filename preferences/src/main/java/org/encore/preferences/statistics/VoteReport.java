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
import org.encore.base.settings.Checks;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Bootstrap.Cluster;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.BradleyTerry.Game;
import org.encore.statistics.Davidson;
import org.encore.statistics.Interval;
import org.encore.statistics.RaterAgreement;

/**
 * All statistics of a set of votes.
 *
 * @param votes number of votes
 * @param raters number of raters
 * @param prompts number of different prompts
 * @param opinions number of votes for each preference
 * @param agreement agreement of the raters
 * @param ranking the items, strongest first; empty if there are more than {@value #MOST_ITEMS}
 * @param tie Davidson's tie parameter; negative infinity if there was no tie
 * @param ceiling highest possible accuracy of a predictor that knows only the items; empty with fewer than two raters
 *     of strict votes
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
    /** Most items of a ranking; with more, each has too few votes and the fit takes too long. */
    public static final int MOST_ITEMS = 500;

    /**
     * One item of the ranking.
     *
     * @param item name of the item
     * @param games number of its votes
     * @param strength strength: log-odds in nats
     * @param winShare probability of being preferred to an item of mean strength
     */
    public record Ranked(String item, int games, Interval strength, Interval winShare) {}

    /**
     * The clusters that the bootstrap draws. Votes of one rater or on one prompt vary together; drawing single votes
     * would make intervals too narrow.
     */
    public enum Resampling {
        /** Single votes. */
        VOTES,
        /** All votes of a rater at once. */
        RATERS,
        /** All votes on a prompt at once. */
        PROMPTS;

        /** Fewest groups of a useful bootstrap. */
        private static final int FEWEST_GROUPS = 20;

        /** Raters if there are at least 20, else prompts if there are at least 20, else single votes. */
        public static Resampling natural(List<Vote> votes) {
            if (RATERS.groups(votes).size() >= FEWEST_GROUPS) {
                return RATERS;
            }
            return PROMPTS.groups(votes).size() >= FEWEST_GROUPS ? PROMPTS : VOTES;
        }

        /** The votes by group. */
        List<List<Vote>> groups(List<Vote> votes) {
            return switch (this) {
                case VOTES -> votes.stream().map(List::of).toList();
                case RATERS -> Contest.grouped(votes, Vote::rater);
                case PROMPTS -> Contest.grouped(votes, Vote::prompt);
            };
        }
    }

    /**
     * Settings of the report.
     *
     * @param by items of the ranking
     * @param resampling clusters that the bootstrap draws
     * @param replicates bootstrap replicates, at least 100
     * @param seed seed of the bootstrap
     */
    public record Settings(Contest.By by, Resampling resampling, int replicates, long seed) {
        public Settings {
            Checks.atLeast("replicates", replicates, 100);
        }

        private Bootstrap bootstrap() {
            return new Bootstrap(replicates, seed);
        }
    }

    /** Evaluates votes; skips count in {@code votes} and {@code opinions} only. */
    public static VoteReport of(List<Vote> votes, Settings settings) {
        Contest contest = Contest.of(votes, settings.by());
        boolean rankable = !contest.items().isEmpty() && contest.items().size() <= MOST_ITEMS;
        Davidson model = rankable
                ? Davidson.fit(contest.items().size(), contest.games())
                : new Davidson(List.of(), Double.NEGATIVE_INFINITY);
        List<Ranked> ranking = rankable ? ranking(votes, contest, settings) : List.of();
        Optional<Interval> ceiling = rankable
                ? Ceiling.of(
                        contest.items().size(),
                        games(votes, contest, settings.by(), Resampling.RATERS),
                        settings.bootstrap())
                : Optional.empty();
        return new VoteReport(
                votes.size(),
                different(votes, Vote::rater),
                different(votes, Vote::prompt),
                opinions(votes),
                RaterAgreement.of(Contest.outcomesByPair(votes)),
                ranking,
                model.tie(),
                ceiling);
    }

    private static List<Ranked> ranking(List<Vote> votes, Contest contest, Settings settings) {
        int items = contest.items().size();
        List<List<Game>> groups = games(votes, contest, settings.by(), settings.resampling());
        List<Interval> strengths =
                settings.bootstrap().intervals(groups.size(), drawn -> strengths(items, groups, drawn));
        List<Ranked> ranking = new ArrayList<>();
        for (int item = 0; item < items; item++) {
            Interval strength = strengths.get(item);
            ranking.add(new Ranked(contest.items().get(item), gamesOf(item, contest), strength, winShare(strength)));
        }
        ranking.sort(
                Comparator.comparingDouble((Ranked each) -> -each.strength().value()));
        return ranking;
    }

    private static double[] strengths(int items, List<List<Game>> groups, int[] drawn) {
        List<Game> games = new ArrayList<>();
        for (int group : drawn) {
            games.addAll(groups.get(group));
        }
        return Davidson.fit(items, games).strengths().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static List<List<Game>> games(List<Vote> votes, Contest contest, Contest.By by, Resampling resampling) {
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
                BradleyTerry.logistic(strength.value()),
                BradleyTerry.logistic(strength.low()),
                BradleyTerry.logistic(strength.high()));
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

    /**
     * The highest possible accuracy of a predictor that knows only the items: how well all other raters predict one.
     */
    static final class Ceiling {
        private Ceiling() {}

        /**
         * Leaves out each rater in turn, fits strengths to the games of the others, and counts how many of the rater's
         * strict votes prefer the stronger item. Equal strengths count one half; an item without other votes has
         * average strength.
         *
         * @param items number of items
         * @param raters games of each rater
         * @param bootstrap draws raters
         * @return accuracy; empty if there are fewer than two raters with strict votes
         */
        static Optional<Interval> of(int items, List<List<Game>> raters, Bootstrap bootstrap) {
            List<Cluster> hits = new ArrayList<>();
            for (int rater = 0; rater < raters.size(); rater++) {
                Cluster counted = hits(items, rater, raters);
                if (counted.count() > 0.0) {
                    hits.add(counted);
                }
            }
            return hits.size() < 2 ? Optional.empty() : Optional.of(bootstrap.mean(hits));
        }

        /** Number of a rater's strict votes that the others predict, and their total. */
        private static Cluster hits(int items, int rater, List<List<Game>> raters) {
            List<Game> others = new ArrayList<>();
            for (int other = 0; other < raters.size(); other++) {
                others.addAll(other == rater ? List.of() : raters.get(other));
            }
            Cluster hits = new Cluster(0.0, 0.0);
            if (others.isEmpty()) {
                return hits;
            }
            Davidson model = Davidson.fit(items, others);
            for (Game game : raters.get(rater)) {
                if (game.outcome() != 0) {
                    double margin = model.strengths().get(game.first())
                            - model.strengths().get(game.second());
                    double hit = margin == 0.0 ? 0.5 : Math.signum(margin) == game.outcome() ? 1.0 : 0.0;
                    hits = hits.plus(new Cluster(hit, 1.0));
                }
            }
            return hits;
        }
    }
}
