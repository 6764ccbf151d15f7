package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.statistics.BradleyTerry.Game;
import org.encore.statistics.Interval;

/**
 * Votes as games between numbered items.
 *
 * @param items names of the items, in their natural order
 * @param games the votes in their order, without skips
 */
public record Contest(List<String> items, List<Game> games) {
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
     */
    public record Match(String first, String second, int wins, int ties, int losses) {
        /**
         * All matches, sorted by the names of their items; the name of the first item sorts before that of the second.
         */
        public static List<Match> of(List<Vote> votes, Contest.By by) {
            Contest contest = Contest.of(votes, by);
            int items = contest.items().size();
            Map<Integer, int[]> counts = new LinkedHashMap<>();
            for (Game game : contest.games()) {
                boolean ordered = game.first() < game.second();
                int key = Math.min(game.first(), game.second()) * items + Math.max(game.first(), game.second());
                int outcome = ordered ? game.outcome() : -game.outcome();
                counts.computeIfAbsent(key, unused -> new int[3])[1 - outcome]++;
            }
            List<Match> matches = new ArrayList<>();
            counts.keySet().stream().sorted().forEach(key -> {
                int[] count = counts.get(key);
                matches.add(new Match(
                        contest.items().get(key / items),
                        contest.items().get(key % items),
                        count[0],
                        count[1],
                        count[2]));
            });
            return matches;
        }

        /**
         * Win rate of the first item as in the paper: wins / (wins + losses).
         *
         * @return NaN if there are neither wins nor losses
         */
        public Interval winRate() {
            return Interval.ofShare(wins, wins + losses);
        }

        /** The match with the items exchanged. */
        public Match reversed() {
            return new Match(second, first, losses, ties, wins);
        }
    }

    public Contest {
        items = List.copyOf(items);
        games = List.copyOf(games);
    }

    /** Numbers the items of votes; both bad counts as a tie, and votes on two clips of one system do not count. */
    public static Contest of(List<Vote> votes, By by) {
        List<Vote> counting = votes.stream()
                .filter(vote -> vote.preferred() != Preference.SKIP)
                .filter(vote -> !by.item(vote.a()).equals(by.item(vote.b())))
                .toList();
        Set<String> names = new TreeSet<>();
        counting.forEach(vote -> names.addAll(List.of(by.item(vote.a()), by.item(vote.b()))));
        return new Contest(List.copyOf(names), games(List.copyOf(names), counting, by));
    }

    /** The games of votes between known items. */
    static List<Game> games(List<String> items, List<Vote> votes, By by) {
        Map<String, Integer> numbers = new HashMap<>();
        items.forEach(item -> numbers.put(item, numbers.size()));
        List<Game> games = new ArrayList<>();
        for (Vote vote : votes) {
            Integer first = numbers.get(by.item(vote.a()));
            Integer second = numbers.get(by.item(vote.b()));
            if (vote.preferred() != Preference.SKIP && first != null && second != null && !first.equals(second)) {
                games.add(new Game(first, second, vote.preferred().outcome()));
            }
        }
        return games;
    }

    /**
     * The outcome of each rater for each pair, from the view of the item that sorts first; the last vote of a rater
     * counts.
     */
    static List<SortedMap<String, Integer>> outcomesByPair(List<Vote> votes) {
        Map<String, SortedMap<String, Integer>> byPair = new LinkedHashMap<>();
        for (Vote vote : votes) {
            if (vote.preferred() != Preference.SKIP) {
                boolean ordered = vote.a().item().compareTo(vote.b().item()) <= 0;
                String low = ordered ? vote.a().item() : vote.b().item();
                String high = ordered ? vote.b().item() : vote.a().item();
                int outcome = vote.preferred().outcome();
                byPair.computeIfAbsent(String.join("\u0000", vote.prompt(), low, high), unused -> new TreeMap<>())
                        .put(vote.rater(), ordered ? outcome : -outcome);
            }
        }
        return List.copyOf(byPair.values());
    }

    /** Votes by group, in the order in which the groups first appear. */
    static List<List<Vote>> grouped(List<Vote> votes, Function<Vote, String> group) {
        Map<String, List<Vote>> groups = new LinkedHashMap<>();
        votes.forEach(vote -> groups.computeIfAbsent(group.apply(vote), unused -> new ArrayList<>())
                .add(vote));
        return List.copyOf(groups.values());
    }
}
