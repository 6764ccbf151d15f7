package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.ListeningSettings.ServerSettings.Limits;
import org.encore.preferences.listening.page.Visitor.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much may be asked for, and by whom. */
final class LimitsTest {
    private static final String TOKEN = "a-token-of-listeners";
    private static final int VOTES = 2;
    private static final int REQUESTS = 40;
    private static final int JOINS = 5;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private ServedTest served;

    @BeforeEach
    void start() throws IOException {
        ServedTest.writeClips(directory, 5, 0.1);
        ServerSettings server = new ServerSettings(
                "127.0.0.1", 0, TOKEN, ServedTest.ORGANISER_TOKEN, new Limits(VOTES, REQUESTS, JOINS, 300, 3));
        served = ServedTest.start(settings(server), clock);
    }

    private ListeningSettings settings(ServerSettings server) {
        return ServedTest.settings(directory, new Rules(1000, 0.0, 20.0, 0.0), server);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private Answer join(Visitor visitor, String token) {
        return visitor.post("/api/join", Map.of("token", token));
    }

    private Visitor joined() {
        Visitor visitor = new Visitor(served.port());
        assertEquals(200, join(visitor, TOKEN).status());
        return visitor;
    }

    @Test
    void withoutTheTokenNothingIsToBeHad() {
        Visitor stranger = new Visitor(served.port());
        assertEquals(401, join(stranger, "").status());
        assertEquals(401, join(stranger, TOKEN + "x").status());
        assertEquals(401, stranger.get("/api/pair").status());
        assertEquals(401, stranger.get("/api/clips/0").status());
        assertEquals(
                401,
                stranger.post("/api/votes", Map.of("pair", "0", "choice", "skip"))
                        .status());
        assertEquals(
                401,
                stranger.get("/api/pair", "Cookie", "encore_listener=00000000000000000000000000000000")
                        .status());
        assertEquals(0, served.test().listeners());
        assertEquals(200, join(stranger, TOKEN).status());
        assertEquals(200, stranger.get("/api/pair").status());
        assertEquals(200, join(stranger, "").status(), "who has joined needs no token");
    }

    @Test
    void tokensCannotBeTriedAtWill() {
        Visitor stranger = new Visitor(served.port());
        for (int i = 0; i < JOINS; i++) {
            assertEquals(401, join(stranger, "guess-" + i).status());
        }
        Answer refused = join(stranger, TOKEN);
        assertEquals(429, refused.status(), "even the right one has to wait");
        assertEquals("12", refused.header("Retry-After"), "five a minute is one every 12 s");
        clock.advance(12);
        assertEquals(200, join(stranger, TOKEN).status());
    }

    @Test
    void theOrganisersPageWantsItsOwnToken() {
        Visitor visitor = joined();
        String path = "/api/organiser/summary";
        assertEquals(401, visitor.get(path).status());
        assertEquals(401, visitor.get(path, "Authorization", "Bearer " + TOKEN).status());
        assertEquals(
                200,
                visitor.get(path, "Authorization", "Bearer " + ServedTest.ORGANISER_TOKEN)
                        .status());
    }

    @Test
    void votesComeAtAHumanPace() throws IOException {
        Visitor visitor = joined();
        for (int i = 0; i < VOTES; i++) {
            assertEquals(
                    201, visitor.vote(visitor.standing().path("pair"), "skip").status());
        }
        JsonNode pair = visitor.standing().path("pair");
        Answer refused = visitor.vote(pair, "skip");
        assertEquals(429, refused.status());
        assertEquals("30", refused.header("Retry-After"));
        assertEquals(VOTES, served.store().votes().size());
        clock.advance(30);
        assertEquals(201, visitor.vote(pair, "skip").status());
    }

    @Test
    void requestsAreCountedForEachListener() {
        Visitor busy = joined();
        Visitor other = joined();
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals(200, busy.get("/api/pair").status());
        }
        assertEquals(429, busy.get("/api/pair").status());
        assertEquals(200, other.get("/api/pair").status());
    }

    @Test
    void thereIsRoomForSoManyListeners() {
        for (int i = 0; i < 3; i++) {
            joined();
        }
        Answer refused = join(new Visitor(served.port()), TOKEN);
        assertEquals(503, refused.status());
        assertEquals(
                "this listening test has as many listeners as it can take",
                refused.json().path("error").textValue());
    }

    @Test
    void longBodiesAreRefused() {
        Visitor visitor = joined();
        assertEquals(
                413, visitor.post("/api/votes", Map.of("pair", "x".repeat(400))).status());
        assertEquals(200, visitor.get("/api/pair").status());
    }

    @Test
    void whatNoPageSendsIsRefused() {
        List<String> bodies = List.of(
                "",
                "[]",
                "7",
                "{",
                "{} {}",
                "{\"pair\": 7, \"choice\": \"tie\"}",
                "{\"pair\": \"x\"}",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}",
                "null",
                "{\"clip\": \"x\", \"seconds\": \"1\"}");
        Visitor visitor = joined();
        visitor.standing();
        for (String body : bodies) {
            assertEquals(
                    400, visitor.post("/api/votes", body, "application/json").status(), body);
            assertEquals(
                    400, visitor.post("/api/heard", body, "application/json").status(), body);
        }
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() throws IOException {
        Visitor visitor = joined();
        JsonNode pair = visitor.standing().path("pair");
        assertEquals(400, visitor.vote(pair, "third").status());
        assertEquals(400, visitor.heard(pair, 0, -1.0).status());
        String clip = pair.path("clips").path(0).path("id").textValue();
        String endless = "{\"clip\": \"" + clip + "\", \"seconds\": 1e999}";
        assertEquals(
                400, visitor.post("/api/heard", endless, "application/json").status());
        assertEquals(
                400,
                visitor.post("/api/votes", "pair=x&choice=tie", "application/x-www-form-urlencoded")
                        .status());
        assertEquals(
                416, visitor.get("/api/clips/" + clip, "Range", "bytes=999999-").status());
        assertTrue(served.store().votes().isEmpty());
    }

    @Test
    void aPortInUseIsNamed() {
        ServerSettings same =
                new ServerSettings("127.0.0.1", served.port(), "", ServedTest.ORGANISER_TOKEN, Limits.defaults());
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ServedTest.start(settings(same), clock)
                        .close());
        assertTrue(refused.getMessage().startsWith("server.port is " + served.port() + " "), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"));
    }
}
