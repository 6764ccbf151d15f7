package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Page.Ratings;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.page.Visitor.Answer;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listening tests in which each clip gets a rating from 1 to 5, over HTTP. */
final class RatingPageTest {
    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    private ServedTest start(Ratings ratings) throws IOException {
        ServedTest.writeClips(directory, 2, ServedTest.CLIP_SECONDS);
        return ServedTest.start(
                ServedTest.settings(
                        directory,
                        new Rules(1000, ServedTest.LEAST_SECONDS, 20.0, 0.0),
                        ServedTest.loopback(ServedTest.patient()),
                        new Page("t", "q", true, ratings, "", "", false, false)),
                clock);
    }

    private JsonNode heard(Visitor visitor) {
        JsonNode pair = visitor.standing().path("pair");
        visitor.fetch(pair);
        for (int side = 0; side < 2; side++) {
            clock.advance(1.1);
            assertEquals(200, visitor.heard(pair, side, 1.05).status());
        }
        return pair;
    }

    private static Answer vote(Visitor visitor, JsonNode pair, String choice, List<?> ratings) {
        return visitor.post(
                "/api/votes", Map.of("pair", pair.path("id").textValue(), "choice", choice, "ratings", ratings));
    }

    @Test
    void ratingsInsteadOfAChoiceDecide() throws IOException {
        try (ServedTest served = start(Ratings.INSTEAD)) {
            Visitor visitor = Visitor.joined(served.port());
            assertEquals("instead", visitor.standing().path("ratings").asText());
            JsonNode pair = heard(visitor);
            assertEquals(400, vote(visitor, pair, "first", List.of(4, 2)).status());
            for (List<?> wrong : List.of(List.of(4), List.of(0, 2), List.of(4, 6), List.of(4, 2.5), List.of("4", 2))) {
                assertEquals(400, vote(visitor, pair, "rated", wrong).status(), wrong.toString());
            }
            assertEquals(400, visitor.vote(pair, "rated").status());
            assertEquals(201, vote(visitor, pair, "rated", List.of(4, 2)).status());
            // To send it again does no harm; other ratings are refused.
            assertEquals(201, vote(visitor, pair, "rated", List.of(4, 2)).status());
            assertEquals(410, vote(visitor, pair, "rated", List.of(5, 2)).status());
            StoredVote stored = served.store().votes().get(0);
            boolean straight = stored.shownFirst().orElseThrow() == Shown.A;
            Vote vote = stored.vote();
            assertEquals(straight ? Preference.A : Preference.B, vote.preferred());
            assertEquals(4.0, (straight ? vote.a() : vote.b()).rating().orElseThrow());
            assertEquals(2.0, (straight ? vote.b() : vote.a()).rating().orElseThrow());
        }
    }

    @Test
    void ratingsBesideAChoiceLeaveItAlone() throws IOException {
        try (ServedTest served = start(Ratings.BESIDE)) {
            Visitor visitor = Visitor.joined(served.port());
            JsonNode pair = heard(visitor);
            assertEquals(400, visitor.vote(pair, "tie").status());
            assertEquals(400, vote(visitor, pair, "rated", List.of(3, 2)).status());
            assertEquals(201, vote(visitor, pair, "tie", List.of(3, 2)).status());
            assertEquals(
                    201, visitor.vote(visitor.standing().path("pair"), "skip").status());
            assertEquals(Preference.TIE, served.store().votes().get(0).vote().preferred());
            assertTrue(served.store().votes().get(0).vote().a().rating().isPresent());
            assertTrue(served.store().votes().get(1).vote().a().rating().isEmpty());
        }
    }

    @Test
    void withoutRatingsNoneAreTaken() throws IOException {
        try (ServedTest served = start(Ratings.NONE)) {
            Visitor visitor = Visitor.joined(served.port());
            JsonNode pair = heard(visitor);
            assertEquals(400, vote(visitor, pair, "first", List.of(3, 2)).status());
            assertEquals(201, visitor.vote(pair, "first").status());
        }
    }
}
