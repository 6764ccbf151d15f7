package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.store.Ballot.Shown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener learns nothing about systems, files and other listeners. */
final class BlindnessTest {
    private static final int SESSIONS = 200;
    private static final int PROMPTS = 4;

    @TempDir
    private Path directory;

    private ServedTest served;

    @BeforeEach
    void start() throws IOException {
        ServedTest.writeClips(directory, PROMPTS, 0.1);
        Files.writeString(directory.resolve("secret.txt"), "the secret of the disk");
        // No listening time is required here, so that the test need not wait.
        served = ServedTest.start(
                ServedTest.settings(
                        directory, new Rules(1_000_000, 0.0, 20.0, 0.0), ServedTest.loopback(ServedTest.patient())),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    @Test
    void sidesAreBalancedAndNotToBeForeseen() throws IOException {
        for (int i = 0; i < SESSIONS; i++) {
            Visitor visitor = Visitor.joined(served.port());
            JsonNode pair = visitor.standing().path("pair");
            visitor.fetch(pair);
            assertEquals(201, visitor.vote(pair, i % 3 == 0 ? "first" : "tie").status());
        }
        List<Shown> shown = served.store().votes().stream()
                .map(vote -> vote.shownFirst().orElseThrow())
                .toList();
        assertEquals(SESSIONS, shown.size());
        assertEquals(
                SESSIONS / 2, shown.stream().filter(each -> each == Shown.A).count());
        int repeats = 0;
        for (int i = 1; i < SESSIONS; i++) {
            repeats += shown.get(i) == shown.get(i - 1) ? 1 : 0;
        }
        // Two neighbours in a block are the same with probability 1/3, in two blocks with 1/2: of 199 steps 150 are of
        // the first kind and 49 of the second, so 74.5 are expected. Strict alternation would give none.
        assertTrue(repeats > 45 && repeats < 105, "repeated sides: " + repeats);
        Map<Long, Integer> counts = served.store().judgementCounts(served.test().session());
        assertEquals(List.of(50, 50, 50, 50), List.copyOf(counts.values()), "pairs fill up evenly");
    }

    @Test
    void aSecondListenerIsIsolatedFromTheFirst() throws IOException {
        Visitor first = Visitor.joined(served.port());
        Visitor second = Visitor.joined(served.port());
        JsonNode pair = first.standing().path("pair");
        JsonNode others = second.standing().path("pair");
        assertNotEquals(pair.path("id"), others.path("id"));
        String clip = pair.path("clips").path(0).path("id").textValue();
        assertEquals(200, first.get("/api/clips/" + clip).status());
        assertEquals(404, second.get("/api/clips/" + clip).status());
        assertEquals(404, second.heard(pair, 0, 1.0).status());
        assertEquals(410, second.vote(pair, "skip").status());
        assertEquals(201, first.vote(pair, "skip").status());
        assertEquals(0, second.standing().path("judged").intValue(), "votes of others are not told");
        assertEquals(404, first.get("/api/clips/" + clip).status(), "a clip is gone with its turn");
        assertEquals(1, served.store().votes().size());
    }

    @Test
    void namesAndPlacesNeverReachAListener() {
        Visitor visitor = Visitor.joined(served.port());
        for (String path : ListeningServer.files().keySet()) {
            assertEquals(200, visitor.get(path).status(), path);
        }
        for (int i = 0; i < PROMPTS; i++) {
            JsonNode pair = visitor.standing().path("pair");
            visitor.fetch(pair);
            visitor.heard(pair, 0, 0.1);
            visitor.vote(pair, "tie");
        }
        visitor.get("/api/nothing");
        visitor.get("/api/clips/nothing");
        visitor.post("/api/votes", Map.of("pair", 1));
        String seen = visitor.everythingSeen();
        assertTrue(seen.contains("prompt <2> of the test"), "the visitor has seen the pairs");
        List<String> secrets = List.of(
                ServedTest.FIRST_SYSTEM,
                ServedTest.SECOND_SYSTEM,
                directory.toString(),
                "judgements.db",
                "001.wav",
                "shown_first",
                "shownFirst",
                ServedTest.ORGANISER_TOKEN);
        for (String secret : secrets) {
            assertFalse(seen.contains(secret), secret);
        }
    }

    /** Sent as they are, because a client would tidy them up. */
    @Test
    void filesOutsideOfTheSessionAreRefused() throws IOException {
        List<String> paths = List.of(
                "/api/clips/..%2f..%2fsecret.txt",
                "/api/clips/../../secret.txt",
                "/api/clips/%2e%2e/%2e%2e/secret.txt",
                "/../secret.txt",
                "/assets/../../../secret.txt",
                "/assets/..%2f..%2fsecret.txt",
                "/assets/..\\..\\secret.txt",
                "/assets//etc/passwd",
                "//etc/passwd",
                "/assets/listen.css/..;/..;/secret.txt",
                "/api/clips/00000000000000000000000000000000",
                "/api/clips/001.wav",
                "/judgements.db",
                "/alphasystem/001.wav",
                "/assets/org/encore/preferences/listening/page/ListeningServer.class",
                "/WEB-INF/web.xml");
        Visitor visitor = Visitor.joined(served.port());
        visitor.standing();
        String cookie = visitor.cookies().getCookieStore().getCookies().get(0).toString();
        for (String path : paths) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie
                    + "\r\nConnection: close\r\n\r\n");
            int status = Integer.parseInt(answer.substring(9, 12));
            assertTrue(status == 404 || status == 400, answer);
            assertFalse(answer.contains("secret of the disk") || answer.contains("root:"), answer);
            assertFalse(answer.toLowerCase(Locale.ROOT).contains("exception"), answer);
            assertFalse(answer.contains("\tat "), answer);
        }
    }

    @Test
    void everyAnswerCarriesTheHeaders() {
        Visitor visitor = Visitor.joined(served.port());
        List<Visitor.Answer> answers = new ArrayList<>();
        for (String path :
                List.of("/", "/assets/listen.js", "/organiser", "/api/pair", "/nothing", "/api/organiser/summary")) {
            answers.add(visitor.get(path));
        }
        for (Visitor.Answer answer : answers) {
            assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none'; script-src 'self';"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals("no-referrer", answer.header("Referrer-Policy"));
            assertEquals("", answer.header("Server"));
        }
    }

    @Test
    void pagesOfOthersAreRefused() {
        Visitor visitor = Visitor.joined(served.port());
        Map<String, String> skip =
                Map.of("pair", visitor.standing().path("pair").path("id").textValue(), "choice", "skip");
        assertEquals(
                404,
                visitor.post("/api/votes", skip, "Origin", "http://elsewhere.example")
                        .status());
        assertEquals(
                201,
                visitor.post("/api/votes", skip, "Origin", "http://127.0.0.1:" + served.port())
                        .status());
    }

    @Test
    void aServerOfThisMachineAnswersUnderItsOwnNameOnly() throws IOException {
        assertTrue(raw("GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 404"));
        assertTrue(raw("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
