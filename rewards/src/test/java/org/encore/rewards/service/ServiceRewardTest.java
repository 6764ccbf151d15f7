package org.encore.rewards.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.WaveFiles;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.encore.rewards.service.Service.Notes;
import org.encore.rewards.service.Service.Reach;
import org.encore.rewards.service.Service.Sound;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server on this machine that behaves well, or does not. */
class ServiceRewardTest {
    private static final double PLENTY = 600.0;

    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "server");
        thread.setDaemon(true);
        return thread;
    });
    private HttpServer server;

    /** What comes back; status 0 hangs. */
    private record Reply(int status, String body) {}

    /** By the number of the request. */
    private IntFunction<Reply> behaviour = number -> new Reply(200, "{\"scores\": []}");

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/score", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        never.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(new ObjectMapper().readTree(exchange.getRequestBody()));
        Reply reply = behaviour.apply(requests.size());
        if (reply.status() == 0) {
            awaitEnd();
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status() == 0 ? 200 : reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void awaitEnd() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/score";
    }

    private ServiceReward reward(Sound sound, Notes notes, int batch, double timeoutSeconds, int attempts) {
        return new ServiceReward(
                "listener", new Service(url(), Reach.LOOPBACK, sound, notes, batch, timeoutSeconds, attempts, 0.001));
    }

    private ServiceReward reward(double timeoutSeconds, int attempts) {
        return reward(Sound.NONE, Notes.NONE, 16, timeoutSeconds, attempts);
    }

    private void answers(String body) {
        behaviour = number -> new Reply(200, body);
    }

    private String failure(ServiceReward reward, int samples) {
        RewardFailure failure =
                assertThrows(RewardFailure.class, () -> CheckedReward.score(reward, TestRewards.silence(samples)));
        assertEquals("listener", failure.id());
        assertEquals(1, failure.getMessage().lines().count());
        return failure.getMessage();
    }

    @Test
    void scoresAndAbstentionsComeBackInOrder() {
        answers("{\"scores\": [0.25, null, -3]}");
        List<Score> scores = CheckedReward.score(reward(PLENTY, 1), TestRewards.silence(3));
        assertEquals(0.25, scores.get(0).value(), 0.0);
        assertTrue(scores.get(1).abstains());
        assertEquals(-3.0, scores.get(2).value(), 0.0);
        assertEquals("listener", requests.get(0).path("reward").asText());
        assertEquals(
                "{\"prompt\":\"music\"}", requests.get(0).path("samples").get(2).toString());
    }

    @Test
    void soundAndNotesArrive() throws IOException {
        answers("{\"scores\": [1, 2]}");
        Piece piece = new Piece(120, Meter.FOUR_FOUR, List.of(new Note(Instrument.PIANO, 0, 12, 60, 80)));
        Sample withNotes = TestRewards.sample(Attributes.NONE, piece);
        Sample withoutNotes = TestRewards.silence(1).get(0);
        reward(Sound.BASE64, Notes.BASE64, 16, PLENTY, 1).score(List.of(withNotes, withoutNotes));
        JsonNode first = requests.get(0).path("samples").get(0);
        assertArrayEquals(
                WaveFiles.toBytes(withNotes.clip().waveform()),
                first.path("wav").binaryValue());
        assertArrayEquals(MidiFiles.toBytes(piece), first.path("midi").binaryValue());
        JsonNode second = requests.get(0).path("samples").get(1);
        assertEquals(
                100, WaveFiles.read(second.path("wav").binaryValue(), "answer").samples().length);
        assertFalse(second.has("midi"));
    }

    @Test
    void filesLieThereUntilTheServiceHasAnswered() {
        List<Path> seen = new ArrayList<>();
        behaviour = number -> {
            for (JsonNode sample : requests.get(0).path("samples")) {
                Path file = Path.of(sample.path("wav_path").asText());
                try {
                    assertEquals(100, WaveFiles.read(file).samples().length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                seen.add(file);
            }
            return new Reply(200, "{\"scores\": [1, 2]}");
        };
        reward(Sound.PATH, Notes.NONE, 16, PLENTY, 1).score(TestRewards.silence(2));
        assertEquals(2, seen.size());
        assertFalse(Files.exists(seen.get(0)) || Files.exists(seen.get(0).getParent()));
    }

    @Test
    void largeBatchesAreAskedInParts() {
        behaviour = number -> new Reply(200, number < 3 ? "{\"scores\": [1, 2]}" : "{\"scores\": [3]}");
        List<Score> scores = reward(Sound.NONE, Notes.NONE, 2, PLENTY, 1).score(TestRewards.silence(5));
        assertEquals(
                List.of(1.0, 2.0, 1.0, 2.0, 3.0),
                scores.stream().map(Score::value).toList());
        assertEquals(3, requests.size());
    }

    @Test
    void aServiceThatStumblesIsAskedAgain() {
        behaviour = number -> number == 1
                ? new Reply(500, "out of memory\nat …")
                : number == 2 ? new Reply(429, "") : new Reply(200, "{\"scores\": [7]}");
        assertEquals(7.0, reward(PLENTY, 3).score(TestRewards.silence(1)).get(0).value(), 0.0);
        assertEquals(3, requests.size());
        requests.clear();
        assertEquals(
                "reward listener answered with status 429: nothing, 2 times; it is asked at " + url(),
                failure(reward(PLENTY, 2), 1));
        assertEquals(2, requests.size());
    }

    @Test
    void aServiceThatHangsIsGivenUp() {
        behaviour = number -> new Reply(0, "");
        assertEquals(
                "reward listener did not answer within 0.05 s, 2 times; it is asked at " + url(),
                failure(reward(0.05, 2), 1));
    }

    @Test
    void aServiceThatIsNotThereIsNamed() {
        server.stop(0);
        String message = failure(reward(PLENTY, 1), 1);
        assertTrue(message.matches("reward listener could not be asked \\(.*\\); it is asked at " + url()), message);
    }

    @Test
    void answersThatAreNoneFailAtOnce() {
        answers("{\"scores\": [1, 2]}");
        assertEquals("reward listener answered with 2 scores for 3 samples", failure(reward(PLENTY, 3), 3));
        answers("{\"scores\": [NaN]}");
        String notJson = failure(reward(PLENTY, 3), 1);
        assertTrue(notJson.startsWith("reward listener answered with what is not valid JSON: "), notJson);
        answers("{\"scores\": [1e999]}");
        assertTrue(failure(reward(PLENTY, 3), 1).endsWith("for sample 0, but must answer a finite number or null"));
        answers("{\"scores\": [\"good\"]}");
        assertEquals(
                "reward listener answered \"good\" for sample 0, but must answer a finite number or null",
                failure(reward(PLENTY, 3), 1));
        answers("<html>hello</html>");
        assertTrue(failure(reward(PLENTY, 3), 1).startsWith("reward listener answered with what is not valid JSON: "));
        answers("[1]");
        assertEquals("reward listener answered without a list of scores", failure(reward(PLENTY, 3), 1));
        answers("");
        assertEquals("reward listener answered without a list of scores", failure(reward(PLENTY, 3), 1));
        behaviour = number -> new Reply(404, "no such page");
        assertEquals(
                "reward listener answered with status 404: no such page; it is asked at " + url(),
                failure(reward(PLENTY, 3), 1));
        assertEquals(8, requests.size(), "none was asked again");
    }

    @Test
    void nothingLeavesThisMachineUnlessThatIsAllowed() {
        for (String near : List.of("http://localhost:1/x", "https://127.3.2.1/", "http://[::1]:80/")) {
            assertEquals(near, settings(near, Reach.LOOPBACK, 1, 1).url());
        }
        for (String far : List.of("http://192.168.0.2/x", "http://scorer.example/", "http://localhost.example/")) {
            String message = refusal(far, Reach.LOOPBACK, 1, 1);
            assertTrue(message.startsWith("url is \"" + far + "\", but "), message);
            assertTrue(message.endsWith("; use localhost, or allow it by reach: any"), message);
            assertEquals(far, settings(far, Reach.ANY, 1, 1).url());
        }
        for (String wrong : List.of("localhost:8000", "ftp://localhost/x", "http://", "http://a b/", "")) {
            assertEquals(
                    "url is \"" + wrong + "\", but must be an address such as http://localhost:8000/score",
                    refusal(wrong, Reach.ANY, 1, 1));
        }
        assertEquals("batch is 0, but must be at least 1", refusal("http://localhost/", Reach.ANY, 0, 1));
        assertEquals("attempts is 0, but must lie in [1, 100]", refusal("http://localhost/", Reach.ANY, 1, 0));
    }

    private static Service settings(String url, Reach reach, int batch, int attempts) {
        return new Service(url, reach, Sound.NONE, Notes.NONE, batch, 1.0, attempts, 0.0);
    }

    private static String refusal(String url, Reach reach, int batch, int attempts) {
        return assertThrows(IllegalArgumentException.class, () -> settings(url, reach, batch, attempts))
                .getMessage();
    }
}
