package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.statistics.BradleyTerry.Game;
import org.encore.statistics.Interval;

/**
 * Votes as games between numbered items.
 *
 * @param items names of the items, in their natural order
 * @param votes the votes that count
 * @param games one of each vote
 */
public record Contest(List<String> items, List<Vote> votes, List<Game> games) {
    /** The items of a ranking. */
    public enum By {
        /** Clips, by file. */
        CLIP,
        /** Systems. */
        SYSTEM;

        /** Systems if all votes name them, clips otherwise. */
        public static By natural(List<Vote> votes) {
            boolean named = votes.stream()
                    .allMatch(vote ->
                            !vote.a().system().isEmpty() && !vote.b().system().isEmpty());
            return named ? SYSTEM : CLIP;
        }

        private String item(RatedClip side) {
            return this == SYSTEM ? side.system() : side.item();
        }
    }

    /**
     * The votes between two items.
     *
     * @param first name of the first item
     * @param second name of the second item
     * @param wins votes for the first
     * @param ties votes for neither
     * @param losses votes for the second
     * @param winRate win rate of the first item as in the paper: wins / (wins + losses), with an interval over the
     *     clusters of {@link VoteReport.Grouping#natural}; NaN if there are neither wins nor losses
     */
    public record Match(String first, String second, int wins, int ties, int losses, Interval winRate) {
        /**
         * All matches, sorted by the names of their items; the name of the first item sorts before that of the second.
         */
        public static List<Match> of(List<Vote> votes, Contest.By by) {
            Contest contest = Contest.of(votes, by);
            Map<List<String>, List<Vote>> byItems = new TreeMap<>(
                    Comparator.comparing((List<String> pair) -> pair.get(0)).thenComparing(pair -> pair.get(1)));
            for (Vote vote : contest.votes()) {
                List<String> pair = new ArrayList<>(List.of(by.item(vote.a()), by.item(vote.b())));
                pair.sort(Comparator.naturalOrder());
                byItems.computeIfAbsent(pair, unused -> new ArrayList<>()).add(vote);
            }
            List<Match> matches = new ArrayList<>();
            byItems.forEach((pair, group) -> matches.add(of(pair.get(0), pair.get(1), group, by)));
            return matches;
        }

        private static Match of(String first, String second, List<Vote> votes, Contest.By by) {
            int[] counts = new int[3];
            List<Vote> strict = new ArrayList<>();
            List<Double> won = new ArrayList<>();
            for (Vote vote : votes) {
                int outcome = by.item(vote.a()).equals(first)
                        ? vote.preferred().outcome()
                        : -vote.preferred().outcome();
                counts[1 - outcome]++;
                if (outcome != 0) {
                    strict.add(vote);
                    won.add(outcome > 0 ? 1.0 : 0.0);
                }
            }
            return new Match(first, second, counts[0], counts[1], counts[2], winRate(strict, won));
        }

        private static Interval winRate(List<Vote> strict, List<Double> won) {
            VoteReport.Grouping grouping = VoteReport.Grouping.natural(strict);
            double[] hits = won.stream().mapToDouble(Double::doubleValue).toArray();
            return grouping == VoteReport.Grouping.VOTES
                    ? Interval.ofShare(Arrays.stream(hits).sum(), hits.length)
                    : grouping.clusters(strict).share(hits);
        }

        /** The match with the items exchanged. */
        public Match reversed() {
            Interval rate = new Interval(1.0 - winRate.value(), 1.0 - winRate.high(), 1.0 - winRate.low());
            return new Match(second, first, losses, ties, wins, rate);
        }
    }

    public Contest {
        items = List.copyOf(items);
        votes = List.copyOf(votes);
        games = List.copyOf(games);
    }

    /** Numbers the items of votes; both bad counts as a tie, and votes on two clips of one system do not count. */
    public static Contest of(List<Vote> votes, By by) {
        List<Vote> counting = votes.stream()
                .filter(vote -> vote.preferred() != Preference.SKIP)
                .filter(vote -> !vote.isOfOneClip())
                .filter(vote -> !by.item(vote.a()).equals(by.item(vote.b())))
                .toList();
        Set<String> names = new TreeSet<>();
        counting.forEach(vote -> names.addAll(List.of(by.item(vote.a()), by.item(vote.b()))));
        List<String> items = List.copyOf(names);
        Map<String, Integer> numbers = new HashMap<>();
        items.forEach(item -> numbers.put(item, numbers.size()));
        List<Game> games = counting.stream()
                .map(vote -> new Game(
                        numbers.get(by.item(vote.a())),
                        numbers.get(by.item(vote.b())),
                        vote.preferred().outcome()))
                .toList();
        return new Contest(items, counting, games);
    }

    /**
     * The outcome of each rater for each pair, from the view of the item that sorts first: the side that got more of the
     * rater's votes on the pair, a tie if both got as many.
     */
    static List<SortedMap<String, Integer>> outcomesByPair(List<Vote> votes) {
        return given(votes).stream()
                .map(pair -> {
                    SortedMap<String, Integer> outcomes = new TreeMap<>();
                    pair.forEach((rater, all) -> outcomes.put(
                            rater,
                            Integer.signum(
                                    all.stream().mapToInt(Integer::intValue).sum())));
                    return outcomes;
                })
                .toList();
    }

    /** How often a rater preferred one clip of a pair in one vote and the other in another. */
    static int contradictions(List<Vote> votes) {
        return (int) given(votes).stream()
                .flatMap(pair -> pair.values().stream())
                .filter(all -> all.contains(1) && all.contains(-1))
                .count();
    }

    /** All outcomes of each rater for each pair. */
    private static List<SortedMap<String, List<Integer>>> given(List<Vote> votes) {
        Map<String, SortedMap<String, List<Integer>>> byPair = new LinkedHashMap<>();
        for (Vote vote : votes) {
            if (vote.preferred() != Preference.SKIP && !vote.isOfOneClip()) {
                boolean ordered = vote.a().item().compareTo(vote.b().item()) <= 0;
                String low = ordered ? vote.a().item() : vote.b().item();
                String high = ordered ? vote.b().item() : vote.a().item();
                int outcome = vote.preferred().outcome();
                byPair.computeIfAbsent(String.join("\u0000", vote.prompt(), low, high), unused -> new TreeMap<>())
                        .computeIfAbsent(vote.rater(), unused -> new ArrayList<>())
                        .add(ordered ? outcome : -outcome);
            }
        }
        return List.copyOf(byPair.values());
    }
}
