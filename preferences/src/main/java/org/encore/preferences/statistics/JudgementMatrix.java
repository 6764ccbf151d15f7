package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.statistics.Contest.Match;
import org.encore.preferences.statistics.RatingReport.Duel;
import org.encore.statistics.Interval;

/**
 * The paper's table of a listening test: of every two models wins, ties and losses, and of each model the mean opinion score and
 * all its wins. Votes of people and of simulated judges give the same table.
 *
 * <p>Without ratings there are no opinion scores, and Wilcoxon's test takes a win as 1, a tie as 0 and a loss as -1.
 *
 * @param models names of the models, the first being what the others are compared with
 * @param scores mean opinion score of each model, from 1 to 5; empty without ratings
 * @param wins of each model over all others together
 * @param pairs every two models that were judged together; {@code a} is the later of the two in the order of the models
 * @paper Cideron et al. 2024, MusicRL, figure 1 and table 1, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record JudgementMatrix(
        List<String> models, Map<String, Interval> scores, Map<String, Integer> wins, List<Pair> pairs) {
    private static final double LEVEL = 0.05;

    /**
     * Two models.
     *
     * @param a one model
     * @param b the other
     * @param win judgements for {@code a}
     * @param tie judgements for neither
     * @param loss judgements for {@code b}
     * @param rate {@code win / (win + loss)}, with an interval over raters and prompts
     * @param difference mean rating of {@code a} minus that of {@code b}; of preferences, of 1, 0 and -1
     * @param test p-value of Wilcoxon's signed-rank test over prompts, not corrected
     * @param corrected by Holm's correction over all pairs of the table
     */
    public record Pair(
            String a,
            String b,
            int win,
            int tie,
            int loss,
            Interval rate,
            Interval difference,
            double test,
            double corrected) {
        /** Number of judgements. */
        public int judgements() {
            return win + tie + loss;
        }

        /** Whether {@code a} is better than {@code b}, significantly at 5 % after correction. */
        public boolean isWon() {
            return corrected < LEVEL && difference.value() > 0.0;
        }
    }

    /**
     * The table of some votes.
     *
     * @param order names of models that come first, in this order; the others follow as they sort
     */
    public static JudgementMatrix of(List<Vote> all, List<String> order) {
        List<Vote> named = all.stream()
                .filter(vote -> vote.preferred() != Preference.SKIP && !vote.isOfOneClip())
                .filter(vote ->
                        !vote.a().system().isEmpty() && !vote.b().system().isEmpty())
                .filter(vote -> !vote.a().system().equals(vote.b().system()))
                .toList();
        List<String> models = models(named, order);
        boolean rated = !named.isEmpty()
                && named.stream()
                        .allMatch(vote -> vote.a().rating().isPresent()
                                && vote.b().rating().isPresent());
        // Where a rating contradicts the answer, or is missing, the answer counts.
        RatingReport report = RatingReport.of(
                rated ? named : named.stream().map(JudgementMatrix::asRated).toList());
        Map<List<String>, Match> matches = new LinkedHashMap<>();
        Match.of(rated ? named.stream().map(JudgementMatrix::byRating).toList() : named, Contest.By.SYSTEM)
                .forEach(match -> matches.put(List.of(match.first(), match.second()), match));
        List<Pair> pairs = new ArrayList<>();
        Map<String, Integer> wins = new LinkedHashMap<>();
        models.forEach(model -> wins.put(model, 0));
        for (Duel duel : report.duels()) {
            Match match = matches.get(List.of(duel.first(), duel.second()));
            wins.merge(match.first(), match.wins(), Integer::sum);
            wins.merge(match.second(), match.losses(), Integer::sum);
            pairs.add(pair(duel, match, models.indexOf(duel.first()) > models.indexOf(duel.second())));
        }
        pairs.sort((one, other) -> {
            int byB = Integer.compare(models.indexOf(one.b), models.indexOf(other.b));
            return byB != 0 ? byB : Integer.compare(models.indexOf(one.a), models.indexOf(other.a));
        });
        Map<String, Interval> scores = new LinkedHashMap<>();
        if (rated) {
            models.forEach(model -> report.scores().stream()
                    .filter(score -> score.system().equals(model))
                    .forEach(score -> scores.put(model, score.mean())));
        }
        return new JudgementMatrix(models, scores, wins, pairs);
    }

    private static List<String> models(List<Vote> votes, List<String> order) {
        List<String> found = votes.stream()
                .flatMap(vote -> List.of(vote.a().system(), vote.b().system()).stream())
                .distinct()
                .sorted()
                .toList();
        List<String> models =
                new ArrayList<>(order.stream().filter(found::contains).toList());
        found.stream().filter(model -> !models.contains(model)).forEach(models::add);
        return List.copyOf(models);
    }

    private static Pair pair(Duel duel, Match match, boolean isInOrder) {
        Match seen = isInOrder ? match : match.reversed();
        Interval difference = isInOrder
                ? duel.difference()
                : new Interval(
                        -duel.difference().value(),
                        -duel.difference().high(),
                        -duel.difference().low());
        return new Pair(
                seen.first(),
                seen.second(),
                seen.wins(),
                seen.ties(),
                seen.losses(),
                seen.winRate(),
                difference,
                duel.test().p(),
                duel.corrected());
    }

    /** An answer as ratings one apart from the middle. */
    private static Vote asRated(Vote vote) {
        int outcome = vote.preferred().outcome();
        return new Vote(
                vote.prompt(),
                with(vote.a(), 3.0 + outcome / 2.0),
                with(vote.b(), 3.0 - outcome / 2.0),
                vote.preferred(),
                vote.rater(),
                vote.time());
    }

    private static Vote byRating(Vote vote) {
        Preference preferred = Preference.ofRatings(
                vote.a().rating().orElseThrow(), vote.b().rating().orElseThrow());
        return new Vote(vote.prompt(), vote.a(), vote.b(), preferred, vote.rater(), vote.time());
    }

    private static RatedClip with(RatedClip clip, double rating) {
        return new RatedClip(clip.clip(), clip.system(), clip.listenedSeconds(), OptionalDouble.of(rating));
    }

    /** The table for {@code matrix.json}. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("models", models);
        Map<String, Double> mos = new LinkedHashMap<>();
        Map<String, List<Double>> intervals = new LinkedHashMap<>();
        scores.forEach((model, score) -> {
            mos.put(model, score.value());
            intervals.put(model, List.of(score.low(), score.high()));
        });
        facts.put("mos", mos);
        facts.put("mos_interval", intervals);
        facts.put("wins", wins);
        facts.put("pairs", pairs.stream().map(JudgementMatrix::facts).toList());
        return facts;
    }

    private static Map<String, Object> facts(Pair pair) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("a", pair.a);
        facts.put("b", pair.b);
        facts.put("win", pair.win);
        facts.put("tie", pair.tie);
        facts.put("loss", pair.loss);
        facts.put("judgements", pair.judgements());
        facts.put("win_rate", finite(pair.rate.value()));
        facts.put(
                "win_rate_interval",
                List.of(pair.rate.low(), pair.rate.high()).stream()
                        .map(JudgementMatrix::finite)
                        .toList());
        facts.put("difference", finite(pair.difference.value()));
        facts.put("p_value", finite(pair.corrected));
        facts.put("p_uncorrected", finite(pair.test));
        return facts;
    }

    /** A number that JSON can hold; as text if it is none. */
    private static Object finite(double value) {
        return Double.isFinite(value) ? value : "NaN";
    }
}
