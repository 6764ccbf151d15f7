package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.statistics.VoteReport.Grouping;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;
import org.encore.statistics.Significance;
import org.encore.statistics.Significance.SignedRank;

/**
 * Statistics of ratings from 1 to 5, as the paper's listening test has them: mean opinion scores, and for each two
 * systems wins, ties and losses with Wilcoxon's signed-rank test, corrected for the number of pairs by Holm.
 *
 * <p>The test takes one difference per prompt, the mean over its votes, if there are at least 10 prompts; else one per
 * rater, if there are at least 10; else one per vote: votes on one prompt are alike, and a test that takes each of them
 * for new evidence finds too much. That is ours; the paper does not say what its test counts.
 *
 * @param votes number of votes with ratings of both clips
 * @param scores mean opinion score of each system, best first, with intervals over the votes' clusters
 * @param duels each two systems that were rated together
 * @paper Cideron et al. 2024, MusicRL, section 5.1, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record RatingReport(int votes, List<Score> scores, List<Duel> duels) {
    private static final int FEWEST = 10;

    /**
     * Mean opinion score of a system.
     *
     * @param system name of the system
     * @param ratings number of its ratings
     * @param mean from 1 to 5, and so is its interval
     */
    public record Score(String system, int ratings, Interval mean) {}

    /**
     * The ratings of two systems in the same votes.
     *
     * @param first name of one system
     * @param second name of the other
     * @param wins votes with the higher rating for the first
     * @param ties votes with equal ratings
     * @param losses votes with the higher rating for the second
     * @param difference mean rating of the first minus that of the second, with its interval
     * @param test signed-rank test of the differences
     * @param corrected the test's p-value by Holm's correction over all duels
     */
    public record Duel(
            String first,
            String second,
            int wins,
            int ties,
            int losses,
            Interval difference,
            SignedRank test,
            double corrected) {}

    /** Evaluates the votes that rate both clips of two named systems. */
    public static RatingReport of(List<Vote> all) {
        List<Vote> votes = all.stream().filter(RatingReport::isRated).toList();
        List<Duel> duels = duels(votes);
        List<Double> corrected =
                Significance.holm(duels.stream().map(duel -> duel.test.p()).toList());
        List<Duel> finished = new ArrayList<>();
        for (int i = 0; i < duels.size(); i++) {
            Duel duel = duels.get(i);
            finished.add(new Duel(
                    duel.first,
                    duel.second,
                    duel.wins,
                    duel.ties,
                    duel.losses,
                    duel.difference,
                    duel.test,
                    corrected.get(i)));
        }
        return new RatingReport(votes.size(), scores(votes), finished);
    }

    private static boolean isRated(Vote vote) {
        return vote.a().rating().isPresent()
                && vote.b().rating().isPresent()
                && !vote.a().system().isEmpty()
                && !vote.b().system().isEmpty()
                && !vote.a().system().equals(vote.b().system())
                && !vote.isOfOneClip();
    }

    private static List<Score> scores(List<Vote> votes) {
        SortedMap<String, List<Vote>> bySystem = new TreeMap<>();
        for (Vote vote : votes) {
            for (RatedClip side : List.of(vote.a(), vote.b())) {
                bySystem.computeIfAbsent(side.system(), unused -> new ArrayList<>())
                        .add(vote);
            }
        }
        List<Score> scores = new ArrayList<>();
        bySystem.forEach((system, given) -> {
            double[] ratings = given.stream()
                    .mapToDouble(vote -> rating(vote.a().system().equals(system) ? vote.a() : vote.b()))
                    .toArray();
            scores.add(new Score(
                    system,
                    given.size(),
                    Grouping.natural(given).clusters(given).meanOnScale(ratings, RatedClip.WORST, RatedClip.BEST)));
        });
        scores.sort((one, other) -> Double.compare(other.mean.value(), one.mean.value()));
        return scores;
    }

    private static List<Duel> duels(List<Vote> votes) {
        SortedMap<String, SortedMap<String, List<Vote>>> bySystems = new TreeMap<>();
        for (Vote vote : votes) {
            boolean ordered = vote.a().system().compareTo(vote.b().system()) < 0;
            String first = ordered ? vote.a().system() : vote.b().system();
            String second = ordered ? vote.b().system() : vote.a().system();
            bySystems
                    .computeIfAbsent(first, unused -> new TreeMap<>())
                    .computeIfAbsent(second, unused -> new ArrayList<>())
                    .add(vote);
        }
        List<Duel> duels = new ArrayList<>();
        bySystems.forEach(
                (first, seconds) -> seconds.forEach((second, given) -> duels.add(duel(first, second, given))));
        return duels;
    }

    private static Duel duel(String first, String second, List<Vote> votes) {
        int[] counts = new int[3];
        double[] differences = new double[votes.size()];
        for (int i = 0; i < differences.length; i++) {
            Vote vote = votes.get(i);
            double difference = rating(vote.a()) - rating(vote.b());
            differences[i] = vote.a().system().equals(first) ? difference : 0.0 - difference;
            counts[1 - (int) Math.signum(differences[i])]++;
        }
        Interval mean = Grouping.natural(votes).clusters(votes).mean(differences);
        SignedRank test = SignedRank.of(units(votes, differences));
        return new Duel(first, second, counts[0], counts[1], counts[2], mean, test, test.p());
    }

    private static double[] units(List<Vote> votes, double[] differences) {
        for (Function<Vote, String> unit : List.<Function<Vote, String>>of(Vote::prompt, Vote::rater)) {
            Map<String, List<Double>> groups = new LinkedHashMap<>();
            for (int i = 0; i < differences.length; i++) {
                groups.computeIfAbsent(unit.apply(votes.get(i)), unused -> new ArrayList<>())
                        .add(differences[i]);
            }
            if (groups.size() >= FEWEST) {
                return groups.values().stream()
                        .mapToDouble(group -> Means.of(
                                group.stream().mapToDouble(Double::doubleValue).toArray()))
                        .toArray();
            }
        }
        return differences;
    }

    private static double rating(RatedClip side) {
        return side.rating().orElseThrow();
    }
}
