package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.preferences.Vote;
import org.encore.statistics.Interval;

/**
 * Two items before the raters.
 *
 * @param first name of one
 * @param second name of the other
 * @param wins votes for the first
 * @param ties votes for neither
 * @param losses votes for the second
 */
public record Match(String first, String second, int wins, int ties, int losses) {
    /** All matches in the natural order of their items' names; a first item's name comes before its second's. */
    public static List<Match> of(List<Vote> votes, Contest.By by) {
        Contest contest = Contest.of(votes, by);
        int items = contest.items().size();
        Map<Integer, int[]> counts = new LinkedHashMap<>();
        for (Contest.Game game : contest.games()) {
            boolean ordered = game.first() < game.second();
            int key = Math.min(game.first(), game.second()) * items + Math.max(game.first(), game.second());
            int outcome = ordered ? game.outcome() : -game.outcome();
            counts.computeIfAbsent(key, unused -> new int[3])[1 - outcome]++;
        }
        List<Match> matches = new ArrayList<>();
        counts.keySet().stream().sorted().forEach(key -> {
            int[] count = counts.get(key);
            matches.add(new Match(
                    contest.items().get(key / items), contest.items().get(key % items), count[0], count[1], count[2]));
        });
        return matches;
    }

    /**
     * Share of the decided votes that the first has won, as the paper counts it: wins / (wins + losses).
     *
     * @return NaN throughout if nothing was decided
     */
    public Interval winRate() {
        return Interval.ofShare(wins, wins + losses);
    }

    /** The same from the other side. */
    public Match reversed() {
        return new Match(second, first, losses, ties, wins);
    }
}
