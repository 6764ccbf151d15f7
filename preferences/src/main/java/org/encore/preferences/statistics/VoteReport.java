package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.encore.base.settings.Checks;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.statistics.AccuracyCeiling;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.BradleyTerry.Game;
import org.encore.statistics.Clusters;
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
 * @param contradictions how often a rater preferred one clip of a pair in one vote and the other in another; all of these
 *     votes count
 * @param agreement agreement of the raters
 * @param ranking the items, strongest first; empty if there are more than {@value #MOST_ITEMS}
 * @param tie Davidson's tie parameter; negative infinity if there was no tie
 * @param ceiling highest possible accuracy of a predictor that knows the clips and their prompts alone; empty if too few
 *     clips were judged by several raters, or the clips are not known
 */
public record VoteReport(
        int votes,
        int raters,
        int prompts,
        SortedMap<Preference, Integer> opinions,
        int contradictions,
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
     * Votes that vary together, for the intervals. Votes of one rater or on one prompt are alike; counting single votes
     * would make intervals too narrow.
     */
    public enum Grouping {
        /** Each vote by itself. */
        VOTES,
        /** The votes of a rater: what other raters would say about the same prompts. */
        RATERS,
        /** The votes on a prompt: what the same raters would say about other prompts. */
        PROMPTS,
        /** The votes of a rater and those on a prompt: what other raters would say about other prompts. */
        BOTH;

        /** Fewest clusters of a useful interval. */
        private static final int FEWEST = 10;

        /** Raters if there are at least {@value #FEWEST}, prompts if there are, both if both; else single votes. */
        public static Grouping natural(List<Vote> votes) {
            boolean raters = different(votes, Vote::rater) >= FEWEST;
            boolean prompts = different(votes, Vote::prompt) >= FEWEST;
            return raters ? prompts ? BOTH : RATERS : prompts ? PROMPTS : VOTES;
        }

        /** The clusters of votes. */
        Clusters clusters(List<Vote> votes) {
            Clusters ofRaters = Clusters.of(votes.stream().map(Vote::rater).toList());
            Clusters ofPrompts = Clusters.of(votes.stream().map(Vote::prompt).toList());
            return switch (this) {
                case VOTES -> Clusters.none(votes.size());
                case RATERS -> ofRaters;
                case PROMPTS -> ofPrompts;
                case BOTH -> ofRaters.crossedWith(ofPrompts);
            };
        }
    }

    /**
     * Settings of the report.
     *
     * @param by items of the ranking
     * @param grouping votes that vary together
     * @param replicates bootstrap replicates for the interval of the ceiling, at least 100
     * @param seed seed of the bootstrap
     */
    public record Settings(Contest.By by, Grouping grouping, int replicates, long seed) {
        public Settings {
            Checks.atLeast("replicates", replicates, 100);
        }
    }

    /** Evaluates votes; skips count in {@code votes} and {@code opinions} only. */
    public static VoteReport of(List<Vote> votes, Settings settings) {
        Contest contest = Contest.of(votes, settings.by());
        int items = contest.items().size();
        boolean rankable = items > 0 && items <= MOST_ITEMS;
        Davidson model =
                rankable ? Davidson.fit(items, contest.games()) : new Davidson(List.of(), Double.NEGATIVE_INFINITY);
        return new VoteReport(
                votes.size(),
                different(votes, Vote::rater),
                different(votes, Vote::prompt),
                opinions(votes),
                Contest.contradictions(votes),
                RaterAgreement.of(Contest.outcomesByPair(votes)),
                rankable ? ranking(contest, model, settings.grouping()) : List.of(),
                model.tie(),
                ceiling(votes, new Bootstrap(settings.replicates(), settings.seed())));
    }

    private static List<Ranked> ranking(Contest contest, Davidson model, Grouping grouping) {
        int[] games = new int[contest.items().size()];
        for (Game game : contest.games()) {
            games[game.first()]++;
            games[game.second()]++;
        }
        Clusters clusters = grouping.clusters(contest.votes());
        Davidson.Influence influence = model.influence(contest.games());
        List<Ranked> ranking = new ArrayList<>();
        for (int item = 0; item < games.length; item++) {
            Interval strength = clusters.interval(model.strengths().get(item), influence.on(item));
            ranking.add(new Ranked(contest.items().get(item), games[item], strength, winShare(strength)));
        }
        ranking.sort(
                Comparator.comparingDouble((Ranked each) -> -each.strength().value()));
        return ranking;
    }

    /** Clips are told apart by prompt and file, or by prompt and system for a system's only clip of a prompt. */
    private static Optional<Interval> ceiling(List<Vote> votes, Bootstrap bootstrap) {
        Map<List<String>, Integer> clips = new HashMap<>();
        Map<String, Integer> raters = new HashMap<>();
        List<Game> games = new ArrayList<>();
        List<Integer> judges = new ArrayList<>();
        for (Vote vote : votes) {
            if (vote.preferred().isStrict() && isKnown(vote, vote.a()) && isKnown(vote, vote.b())) {
                int a = number(clips, List.of(vote.prompt(), vote.a().item()));
                int b = number(clips, List.of(vote.prompt(), vote.b().item()));
                if (a != b) {
                    games.add(new Game(a, b, vote.preferred().outcome()));
                    judges.add(number(raters, vote.rater()));
                }
            }
        }
        return AccuracyCeiling.of(clips.size(), games, judges, bootstrap);
    }

    private static boolean isKnown(Vote vote, RatedClip side) {
        return !side.clip().toString().isEmpty() || !vote.prompt().isBlank();
    }

    private static <T> int number(Map<T, Integer> numbers, T key) {
        Integer known = numbers.putIfAbsent(key, numbers.size());
        return known == null ? numbers.size() - 1 : known;
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
}
