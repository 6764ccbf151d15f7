package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.encore.app.Invocation;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.codec.Clip;
import org.encore.preferences.Preference;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.store.PreferenceStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code encore preferences serve} from the outside; what it serves is tested where it is written. */
final class ServeCommandTest {
    private static final int MOST_SECONDS = 60;
    private static final int TERMINATED = 128 + 15;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private Path config(String systems) throws IOException {
        return Files.writeString(
                directory.resolve("listening.yaml"),
                "session: a test\ndatabase: votes/judgements.db\nseed: 1\nserver: {port: 0}\nsystems:\n" + systems);
    }

    /** The tiny model generates at two temperatures; one pair is skipped; SIGTERM ends it. */
    @Test
    void checkpointsPlayAreHeardAndTheServerStopsCleanly() throws IOException, InterruptedException {
        Path base = TinyWorld.base().toAbsolutePath();
        Path config = config("  - {kind: checkpoint, name: one, checkpoint: " + base + ", temperature: 0.5}\n"
                + "  - {kind: checkpoint, name: other, checkpoint: " + base + ", temperature: 1.0}\n"
                + "prompts: {kind: texts, texts: [a fast piece, a slow piece]}\nclips: clips\n");
        Process child = Invocation.start(directory, "preferences", "serve", config.toString(), "--json");
        try {
            JsonNode links = JSON.readTree(Invocation.firstLine(child, directory));
            String address = links.path("listeners").textValue();
            assertTrue(address.startsWith("http://127.0.0.1:"), address);
            assertTrue(links.path("organiser").textValue().contains("/organiser#token="));
            assertEquals(200, send(HttpRequest.newBuilder(URI.create(address))).statusCode());
            assertEquals(200, post(address + "api/join", "{}").statusCode());
            JsonNode pair = firstPair(child, address);
            String clip = pair.path("clips").path(0).path("id").textValue();
            assertEquals(
                    200,
                    send(HttpRequest.newBuilder(URI.create(address + "api/clips/" + clip)))
                            .statusCode());
            String vote = "{\"pair\": \"" + pair.path("id").textValue() + "\", \"choice\": \"skip\"}";
            assertEquals(201, post(address + "api/votes", vote).statusCode());
            child.destroy();
            assertTrue(child.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "SIGTERM did not end it");
        } finally {
            child.destroyForcibly();
        }
        Invocation ended = Invocation.ended(child, directory);
        assertEquals(TERMINATED, ended.status(), ended.err());
        assertEquals(1, ended.out().lines().count());
        assertTrue(
                ended.err()
                        .stripTrailing()
                        .endsWith("stopped; 1 votes since the start, all of them in votes/judgements.db"),
                ended.err());
        try (PreferenceStore store =
                PreferenceStore.open(directory.resolve("votes/judgements.db"), Clock.systemUTC())) {
            assertEquals(
                    List.of(Preference.SKIP),
                    store.votes().stream().map(each -> each.vote().preferred()).toList());
        }
    }

    private JsonNode firstPair(Process child, String address) throws IOException, InterruptedException {
        for (int i = 0; i < 10 * MOST_SECONDS && !child.waitFor(100, TimeUnit.MILLISECONDS); i++) {
            JsonNode standing = JSON.readTree(send(HttpRequest.newBuilder(URI.create(address + "api/pair")))
                    .body());
            if (standing.path("state").asText().equals("pair")) {
                return standing.path("pair");
            }
            assertEquals("waiting", standing.path("state").asText(), Files.readString(directory.resolve("stderr.txt")));
        }
        throw new IllegalStateException("no pair: " + Files.readString(directory.resolve("stderr.txt")));
    }

    private HttpResponse<String> post(String address, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.timeout(Duration.ofSeconds(MOST_SECONDS)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A steered model is a system like any other; a degree of 0 keeps its bits. */
    @Test
    void aSteeredCheckpointPlays() throws IOException {
        Path base = Path.of("..", "checkpoints", "etudes-captions");
        List<Piece> pieces = new ArrayList<>();
        List<List<String>> identities = new ArrayList<>();
        ServeCommand.Checkpoints generator = new ServeCommand.Checkpoints();
        for (Optional<String> steer : List.of(
                Optional.<String>empty(), Optional.of("drums=0, bass=0"), Optional.of("drums=0.9, bass=-0.5"))) {
            ClipSource.Checkpoint system = new ClipSource.Checkpoint("base", base, 1.0, steer);
            generator.check(system);
            identities.add(generator.identity(system));
            Clip clip = generator
                    .generate(
                            system, List.of("a slow tune for guitar"), i -> new RandomStreams(3).stream(Purpose.NOISE))
                    .get(0);
            pieces.add(clip.piece().orElseThrow());
        }
        assertEquals(pieces.get(0), pieces.get(1));
        assertNotEquals(pieces.get(0), pieces.get(2));
        assertEquals(List.of(), identities.get(0));
        assertNotEquals(identities.get(1), identities.get(2));
        Path config = config("  - {kind: checkpoint, name: a, checkpoint: " + base.toAbsolutePath()
                + ", temperature: 1.0, steer: horns=1}\n  - {kind: checkpoint, name: b, checkpoint: "
                + base.toAbsolutePath() + ", temperature: 1.0}\nprompts: {kind: texts, texts: [a]}\nclips: clips\n");
        assertTrue(refusal(config).contains("has no probes of the trait \"horns\""), refusal(config));
    }

    @Test
    void whatCannotBeServedIsSaidInOneLine() throws IOException {
        Path clips = TinyWorld.midi();
        Path missing = directory.resolve("missing");
        Path config = config("  - {kind: folder, name: a, folder: " + clips + "}\n  - {kind: folder, name: b, folder: "
                + missing + "}\n");
        assertEquals(missing + ": does not exist, but must be a folder of clips of b", refusal(config));

        Path both = config("  - {kind: folder, name: a, folder: " + clips + "}\n  - {kind: folder, name: b, folder: "
                + clips + "}\n");
        assertEquals(
                "--set server.host=0.0.0.0: server.listenerToken is empty, but 0.0.0.0 can be reached from other machines: set both"
                        + " tokens, or listen on 127.0.0.1",
                refusal(both, "--set", "server.host=0.0.0.0"));
        String database = "database=" + directory.resolve("judgements.db");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String refused = refusal(both, "--set", "server.port=" + port, "--set", database);
            assertTrue(refused.startsWith("server.port is " + port + " and server.host is 127.0.0.1, but "), refused);
        }
        String unknown = refusal(both, "--set", "server.prot=1");
        assertTrue(unknown.contains("server.prot is not known; the keys here are host, port, "), unknown);
    }

    private static String refusal(Path config, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "preferences";
        arguments[1] = "serve";
        arguments[2] = config.toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        Invocation outcome = Invocation.here(arguments);
        assertEquals(2, outcome.status(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        return outcome.err().strip().replaceFirst("^encore: ", "");
    }

    @Test
    void thePresetIsValid() {
        Invocation outcome = Invocation.here(
                "config",
                "show",
                Invocation.home().resolve("configs/listening.yaml").toString(),
                "--for",
                "serve");
        assertEquals(0, outcome.status(), outcome.err());
    }
}
