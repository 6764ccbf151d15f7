package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.encore.preferences.Vote;
import org.encore.statistics.Significance;

/**
 * Whether raters judge the place of a clip and not the clip: how often strict votes are for the clip that was shown first,
 * with sign tests of all raters together and of each.
 *
 * <p>Where sides are dealt by chance, each vote is for either side equally likely, whatever the clips are, so the test is
 * exact and ties say nothing. Holm's correction keeps the level of 5 % for all tests together. Two systems of which one was
 * first far more often than chance allows (p below {@value #FAIR}) were not dealt by chance: the better one wins on its side,
 * so their votes are left out.
 *
 * @param first strict votes for the clip that was shown first
 * @param strict strict votes
 * @param unfair strict votes that were left out, because sides were not dealt by chance
 * @param corrected p-value of all raters together, corrected
 * @param raters each rater with strict votes
 */
public record PositionBias(int first, int strict, int unfair, double corrected, List<Rater> raters) {
    private static final double FAIR = 0.001;
    private static final double LEVEL = 0.05;

    /**
     * The strict votes of one rater.
     *
     * @param name pseudonym
     * @param first votes for the clip that was shown first
     * @param strict all
     * @param corrected p-value, corrected
     */
    public record Rater(String name, int first, int strict, double corrected) {}

    public PositionBias {
        raters = List.copyOf(raters);
    }

    /**
     * Tests votes.
     *
     * @param shown votes of which clip a was shown first, or on the left
     */
    public static PositionBias of(List<Vote> shown) {
        List<Vote> votes = new ArrayList<>();
        int unfair = 0;
        for (List<Vote> match : matches(shown).values()) {
            String one = match.get(0).a().system();
            int front = (int)
                    match.stream().filter(vote -> vote.a().system().equals(one)).count();
            boolean named = !one.isEmpty() && !match.get(0).b().system().isEmpty();
            if (named && Significance.sign(front, match.size() - front) < FAIR) {
                unfair += match.size();
            } else {
                votes.addAll(match);
            }
        }
        SortedMap<String, int[]> counts = new TreeMap<>();
        int first = 0;
        for (Vote vote : votes) {
            int won = vote.preferred().outcome() > 0 ? 1 : 0;
            first += won;
            int[] count = counts.computeIfAbsent(vote.rater(), unused -> new int[2]);
            count[0] += won;
            count[1]++;
        }
        List<Double> p = new ArrayList<>();
        p.add(Significance.sign(first, votes.size() - first));
        counts.values().forEach(count -> p.add(Significance.sign(count[0], count[1] - count[0])));
        List<Double> corrected = Significance.holm(p);
        List<Rater> raters = new ArrayList<>();
        counts.forEach(
                (name, count) -> raters.add(new Rater(name, count[0], count[1], corrected.get(raters.size() + 1))));
        return new PositionBias(first, votes.size(), unfair, corrected.get(0), raters);
    }

    /** The strict votes on two clips, by the two systems. */
    private static SortedMap<String, List<Vote>> matches(List<Vote> shown) {
        SortedMap<String, List<Vote>> matches = new TreeMap<>();
        for (Vote vote : shown) {
            if (vote.preferred().isStrict() && !vote.isOfOneClip()) {
                String a = vote.a().system();
                String b = vote.b().system();
                String pair = a.compareTo(b) <= 0 ? a + "\u0000" + b : b + "\u0000" + a;
                matches.computeIfAbsent(pair, unused -> new ArrayList<>()).add(vote);
            }
        }
        return matches;
    }

    /** One sentence for all raters together and for each whose votes follow the place; none if nothing does. */
    public List<String> alarms() {
        List<String> alarms = new ArrayList<>();
        if (corrected < LEVEL) {
            alarms.add(sentence("the raters together", first, strict, corrected));
        }
        for (Rater rater : raters) {
            if (rater.corrected < LEVEL) {
                alarms.add(sentence("rater " + rater.name, rater.first, rater.strict, rater.corrected)
                        + "; look at these votes before you use them");
            }
        }
        return alarms;
    }

    private static String sentence(String who, int first, int strict, double p) {
        return String.format(
                Locale.ROOT,
                "%s preferred the clip that was shown first in %d of %d strict votes (corrected p = %.2g): the place counted,"
                        + " not the clip",
                who,
                first,
                strict,
                p);
    }
}
