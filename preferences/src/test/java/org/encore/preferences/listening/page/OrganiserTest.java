package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.encore.preferences.Preference;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summary for the organiser, against counts by hand. */
final class OrganiserTest {
    private static final int PROMPTS = 2;

    @TempDir
    private Path directory;

    private ServedTest served;

    @BeforeEach
    void start() throws IOException {
        ServedTest.writeClips(directory, PROMPTS, 0.1);
        served = ServedTest.start(
                ServedTest.settings(directory, new Rules(3, 0.0, 20.0, 0.0), ServedTest.loopback(ServedTest.patient())),
                new ManualClock());
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private JsonNode summary() {
        Visitor.Answer answer = new Visitor(served.port())
                .get("/api/organiser/summary", "Authorization", "Bearer " + ServedTest.ORGANISER_TOKEN);
        assertEquals(200, answer.status(), answer.text());
        return answer.json();
    }

    @Test
    void beforeTheFirstVoteThereIsNothingToRank() {
        JsonNode summary = summary();
        assertEquals(0, summary.path("votes").intValue());
        assertEquals(PROMPTS, summary.path("pairs").intValue());
        assertEquals(0, summary.path("complete").intValue());
        assertEquals(0, summary.path("ranking").size());
        assertTrue(summary.path("agreement").path("share").isNull());
        assertEquals(1, summary.path("matches").size());
        assertTrue(summary.path("matches").path(0).path("winRate").isMissingNode());
    }

    /** Two listeners take A on the page, one finds both bad; the store says which system was A. */
    @Test
    void votesAreCountedForSystemsAndForSides() throws IOException {
        for (String choice : new String[] {"first", "first", "both-bad"}) {
            Visitor visitor = Visitor.joined(served.port());
            assertEquals(
                    201, visitor.vote(visitor.standing().path("pair"), choice).status());
            assertEquals(
                    201, visitor.vote(visitor.standing().path("pair"), "skip").status());
        }
        long wins = served.store().votes().stream()
                .filter(each -> each.vote().preferred() == Preference.A)
                .count();
        JsonNode summary = summary();
        assertEquals(6, summary.path("votes").intValue());
        assertEquals(3, summary.path("raters").intValue());
        assertEquals(PROMPTS, summary.path("complete").intValue());
        JsonNode match = summary.path("matches").path(0);
        assertEquals(ServedTest.FIRST_SYSTEM, match.path("a").textValue());
        assertEquals(ServedTest.SECOND_SYSTEM, match.path("b").textValue());
        assertEquals(wins, match.path("wins").longValue());
        assertEquals(2 - wins, match.path("losses").longValue());
        assertEquals(1, match.path("bothBad").intValue());
        assertEquals(3, match.path("skips").intValue());
        assertEquals(wins / 2.0, match.path("winRate").path("value").doubleValue());
        assertEquals(2, summary.path("sides").path("strict").intValue());
        assertEquals(1.0, summary.path("sides").path("first").path("value").doubleValue());
        assertEquals(2, summary.path("ranking").size());

        Set<String> names = new HashSet<>();
        for (JsonNode listener : summary.path("listeners")) {
            assertEquals(2, listener.path("votes").intValue());
            assertEquals(1, listener.path("skips").intValue());
            names.add(listener.path("name").textValue());
        }
        assertEquals(
                served.store().votes().stream()
                        .map(StoredVote::vote)
                        .map(vote -> vote.rater())
                        .collect(Collectors.toSet()),
                names);
    }

    /** Who failed the check of headphones may vote; the organiser sees who it was. */
    @Test
    void theCheckOfHeadphonesShows() {
        for (Boolean passed : new Boolean[] {true, false, null}) {
            Visitor visitor = Visitor.joined(served.port());
            Map<String, Object> begin = passed == null ? Map.of() : Map.of("headphones", passed);
            assertEquals(200, visitor.post("/api/begin", begin).status());
            assertEquals(
                    201, visitor.vote(visitor.standing().path("pair"), "first").status());
        }
        int passed = 0;
        int failed = 0;
        int unknown = 0;
        for (JsonNode listener : summary().path("listeners")) {
            JsonNode headphones = listener.path("headphones");
            passed += headphones.isBoolean() && headphones.booleanValue() ? 1 : 0;
            failed += headphones.isBoolean() && !headphones.booleanValue() ? 1 : 0;
            unknown += headphones.isNull() ? 1 : 0;
        }
        assertEquals(List.of(1, 1, 1), List.of(passed, failed, unknown));
    }

    /** A vote that comes in later shows at once, though nothing is evaluated twice in between. */
    @Test
    void newVotesShow() {
        assertEquals(0, summary().path("votes").intValue());
        Visitor visitor = Visitor.joined(served.port());
        assertEquals(201, visitor.vote(visitor.standing().path("pair"), "tie").status());
        JsonNode summary = summary();
        assertEquals(1, summary.path("votes").intValue());
        assertEquals(1, summary.path("opinions").path("tie").intValue());
        assertEquals(
                Map.of("wins", 0, "ties", 1),
                Map.of(
                        "wins", summary.path("matches").path(0).path("wins").intValue(),
                        "ties", summary.path("matches").path(0).path("ties").intValue()));
    }
}
