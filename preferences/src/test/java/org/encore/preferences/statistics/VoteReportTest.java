package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.Ratings;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.statistics.VoteReport.Grouping;
import org.encore.preferences.statistics.VoteReport.Ranked;
import org.encore.preferences.statistics.VoteReport.Settings;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

final class VoteReportTest {
    /** Forty raters on five items whose true strengths are 2, 1, 0, -1, -2. */
    private static List<Vote> simulated(int votesPerRater) {
        RandomGenerator random = new RandomStreams(5).stream(Purpose.SAMPLING);
        List<Vote> votes = new ArrayList<>();
        for (int rater = 0; rater < 40; rater++) {
            for (int i = 0; i < votesPerRater; i++) {
                int first = random.nextInt(5);
                int second = (first + 1 + random.nextInt(4)) % 5;
                boolean wins = random.nextDouble() < BradleyTerry.logistic((double) second - first);
                votes.add(ContestTest.vote(
                        "item " + first, "item " + second, wins ? Preference.A : Preference.B, "rater " + rater));
            }
        }
        return votes;
    }

    private static Settings settings(Grouping resampling) {
        return new Settings(Contest.By.CLIP, resampling, 200, 1);
    }

    @Test
    void trueStrengthsAreFound() {
        VoteReport report = VoteReport.of(simulated(30), settings(Grouping.RATERS));
        assertEquals(
                List.of("item 0", "item 1", "item 2", "item 3", "item 4"),
                report.ranking().stream().map(Ranked::item).toList());
        for (int i = 0; i < 5; i++) {
            Interval strength = report.ranking().get(i).strength();
            // Four standard errors: of five intervals of 95 %, one may well miss.
            assertEquals(2.0 - i, strength.value(), 2.0 * strength.halfWidth());
            assertTrue(strength.halfWidth() < 0.5, strength.toString());
        }
        assertEquals(report, VoteReport.of(simulated(30), settings(Grouping.RATERS)));
    }

    /** Who knows the true strengths is right with the mean probability of the stronger item, about 0.84 here. */
    @Test
    void theCeilingIsWhatTheTrueStrengthsReach() {
        List<Vote> votes = simulated(30);
        double expected = votes.stream()
                .mapToDouble(vote -> {
                    int first = vote.a().item().charAt(5) - '0';
                    int second = vote.b().item().charAt(5) - '0';
                    return BradleyTerry.logistic(Math.abs(first - second));
                })
                .average()
                .orElseThrow();
        Interval ceiling =
                VoteReport.of(votes, settings(Grouping.VOTES)).ceiling().orElseThrow();
        assertEquals(expected, ceiling.value(), 0.03);
        assertTrue(ceiling.low() < ceiling.value() && ceiling.value() < ceiling.high(), ceiling.toString());
    }

    @Test
    void fourTimesTheVotesHalveTheInterval() {
        double few = VoteReport.of(simulated(20), settings(Grouping.VOTES))
                .ranking()
                .get(2)
                .strength()
                .halfWidth();
        double many = VoteReport.of(simulated(80), settings(Grouping.VOTES))
                .ranking()
                .get(2)
                .strength()
                .halfWidth();
        assertEquals(2.0, few / many, 0.5);
    }

    /** Real ratings of five systems; the order of the means, as the data's own description gives them, for the leaders. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "real ratings left out: set ENCORE_SHARED to the directory that holds data/preferences")
    void realRatingsRankFiveSystems() throws IOException {
        Path file = Path.of(System.getenv("ENCORE_SHARED"), "data/preferences/musicgen-ratings-100-prompts.jsonl");
        Ratings ratings = VoteFiles.readRatings(file, "CE");
        assertEquals(6.20, ratings.means().get("musicgen_large"), 5e-3);
        assertEquals(4.44, ratings.means().get("audioldm2"), 5e-3);
        List<Vote> votes = ratings.votes();
        assertEquals(1000, votes.size());
        VoteReport report = VoteReport.of(votes, new Settings(Contest.By.SYSTEM, Grouping.PROMPTS, 100, 1));
        assertEquals(5, report.ranking().size());
        assertEquals("musicgen_melody", report.ranking().get(2).item());
    }
}
