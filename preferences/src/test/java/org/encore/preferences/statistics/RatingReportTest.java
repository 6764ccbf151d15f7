package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.statistics.RatingReport.Duel;
import org.junit.jupiter.api.Test;

final class RatingReportTest {
    private static RatedClip side(String system, double rating) {
        return new RatedClip(Path.of(""), system, OptionalDouble.empty(), OptionalDouble.of(rating));
    }

    private static Vote vote(String prompt, String rater, RatedClip a, RatedClip b) {
        Preference preferred =
                Preference.ofRatings(a.rating().orElseThrow(), b.rating().orElseThrow());
        return new Vote(prompt, a, b, preferred, rater, Optional.empty());
    }

    /** Twelve prompts with differences 1 to 2, once negative, on either side of the page. */
    @Test
    void opinionScoresAndSignedRanks() {
        double[] differences = {1, 2, 1, 1, 2, 1, -1, 1, 2, 1, 1, 0};
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < differences.length; i++) {
            RatedClip tuned = side("tuned", 3 + differences[i]);
            RatedClip base = side("base", 3);
            votes.add(i % 2 == 0 ? vote("p" + i, "r", tuned, base) : vote("p" + i, "r", base, tuned));
        }
        votes.add(vote("other", "r", side("tuned", 3), side("tuned", 5)));
        RatingReport report = RatingReport.of(votes);
        assertEquals(12, report.votes());
        assertEquals(
                List.of("tuned", "base"),
                report.scores().stream().map(RatingReport.Score::system).toList());
        assertEquals(4.0, report.scores().get(0).mean().value(), 1e-12);
        assertEquals(3.0, report.scores().get(1).mean().low(), 1e-12);
        Duel duel = report.duels().get(0);
        assertEquals(
                List.of("base", "tuned", 1, 1, 10),
                List.of(duel.first(), duel.second(), duel.wins(), duel.ties(), duel.losses()));
        assertEquals(-1.0, duel.difference().value(), 1e-12);
        // scipy.stats.wilcoxon([1, 2, 1, 1, 2, 1, -1, 1, 2, 1, 1, 0]) of SciPy 1.17.1
        assertEquals(PVALUE, duel.test().p(), 1e-9);
        assertEquals(duel.test().p(), duel.corrected(), 1e-12);
    }

    /** Three votes, all but one of 5: the mean is 4.67, and no rating is above 5. */
    @Test
    void anOpinionScoreOfFewVotesStaysOnItsScale() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            votes.add(vote("p" + i, "r" + i, side("new", i == 0 ? 4 : 5), side("old", i == 0 ? 1 : 2)));
        }
        for (RatingReport.Score score : RatingReport.of(votes).scores()) {
            assertTrue(score.mean().low() >= 1.0 && score.mean().high() <= 5.0, score::toString);
            assertTrue(score.mean().low() < score.mean().value()
                    && score.mean().value() < score.mean().high());
        }
    }

    private static final double PVALUE = 0.0087890625;

    /** Raters who agree about each of 12 prompts and nothing else: 30 votes on a prompt are one piece of evidence. */
    @Test
    void votesOnOnePromptAreOnePieceOfEvidence() {
        int alarms = 0;
        for (int set = 0; set < 200; set++) {
            RandomGenerator random = new RandomStreams(set).stream(Purpose.RATING);
            List<Vote> votes = new ArrayList<>();
            for (int prompt = 0; prompt < 12; prompt++) {
                boolean better = random.nextBoolean();
                for (int rater = 0; rater < 30; rater++) {
                    double other = 2 + random.nextInt(2);
                    votes.add(vote(
                            "p" + prompt,
                            "r" + rater,
                            side("one", better ? 4 : other),
                            side("two", better ? other : 4)));
                }
            }
            Duel duel = RatingReport.of(votes).duels().get(0);
            alarms += duel.corrected() < 0.05 ? 1 : 0;
        }
        assertTrue(alarms <= 18, alarms + " of 200 clean sets of votes");
    }
}
