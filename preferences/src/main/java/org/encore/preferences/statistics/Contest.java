package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;

/**
 * Votes as games between numbered items.
 *
 * @param items names of the items, in their natural order
 * @param games the votes in their order, without skipped pairs
 */
public record Contest(List<String> items, List<Game> games) {
    /** What is ranked. */
    public enum By {
        /** Files of clips. */
        CLIP,
        /** Whoever made the clips. */
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
     * One vote.
     *
     * @param first number of the item that is clip a
     * @param second number of the item that is clip b
     * @param outcome 1 if the first was preferred, -1 if the second, 0 for a tie
     */
    public record Game(int first, int second, int outcome) {}

    public Contest {
        items = List.copyOf(items);
        games = List.copyOf(games);
    }

    /** Numbers the items of votes; both bad counts as a tie, and a system against itself not at all. */
    public static Contest of(List<Vote> votes, By by) {
        List<Vote> counting = votes.stream()
                .filter(vote -> vote.preferred() != Preference.SKIP)
                .filter(vote -> !by.item(vote.a()).equals(by.item(vote.b())))
                .toList();
        Set<String> names = new TreeSet<>();
        counting.forEach(vote -> names.addAll(List.of(by.item(vote.a()), by.item(vote.b()))));
        return new Contest(List.copyOf(names), games(List.copyOf(names), counting, by));
    }

    /** The games of votes between items that are known; others are left out. */
    static List<Game> games(List<String> items, List<Vote> votes, By by) {
        Map<String, Integer> numbers = new HashMap<>();
        items.forEach(item -> numbers.put(item, numbers.size()));
        List<Game> games = new ArrayList<>();
        for (Vote vote : votes) {
            Integer first = numbers.get(by.item(vote.a()));
            Integer second = numbers.get(by.item(vote.b()));
            if (vote.preferred() != Preference.SKIP && first != null && second != null && !first.equals(second)) {
                games.add(new Game(first, second, outcome(vote.preferred())));
            }
        }
        return games;
    }

    /** Votes in groups, in the order in which the groups first appear. */
    static List<List<Vote>> grouped(List<Vote> votes, Function<Vote, String> group) {
        Map<String, List<Vote>> groups = new LinkedHashMap<>();
        votes.forEach(vote -> groups.computeIfAbsent(group.apply(vote), unused -> new ArrayList<>())
                .add(vote));
        return List.copyOf(groups.values());
    }

    /** An opinion as a number: 1 for a, -1 for b, 0 for a tie of any kind. */
    static int outcome(Preference preferred) {
        return switch (preferred) {
            case A -> 1;
            case B -> -1;
            case TIE, BOTH_BAD, SKIP -> 0;
        };
    }
}
