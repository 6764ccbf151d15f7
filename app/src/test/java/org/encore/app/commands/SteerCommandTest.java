package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.encore.app.Invocation;
import org.encore.music.Meter;
import org.encore.music.Piece;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steering from the command line, on the shipped base and its probes. */
class SteerCommandTest {
    private static final String BASE = "../checkpoints/etudes-captions";

    @TempDir
    Path folder;

    private Path config() throws IOException {
        Path config = folder.resolve("steering.yaml");
        Files.writeString(
                config,
                """
                checkpoint: ../checkpoints/etudes-captions
                traits: [{kind: instrument, timbre: drums}]
                probes: {training: 24, selection: 8, heldOut: 8}
                """);
        return config;
    }

    @Test
    void probesAreFittedMeasuredAndUsed() throws IOException {
        Path probes = folder.resolve("probes");
        Invocation fit = Invocation.here("steer", "fit", config().toString(), "--out", probes.toString(), "--json");
        assertEquals(0, fit.status(), fit.err());
        JsonNode facts = new JsonMapper().readTree(fit.out());
        double accuracy = facts.at("/probe_accuracy/drums/value").asDouble();
        assertTrue(accuracy > 0.6, fit.out());
        assertEquals(accuracy, facts.at("/mean").asDouble(), 1e-12);
        // A model against itself: the same heads, the same directions.
        Invocation again = Invocation.here(
                "steer",
                "fit",
                config().toString(),
                "--out",
                folder.resolve("again").toString(),
                "--against",
                probes.toString(),
                "--json");
        assertEquals(0, again.status(), again.err());
        JsonNode transfer = new JsonMapper().readTree(again.out()).at("/transfer/drums");
        assertEquals(accuracy, transfer.at("/accuracy/value").asDouble(), 1e-12);
        assertEquals(1.0, transfer.path("cosine").asDouble(), 1e-6);
        String page = Files.readString(probes.resolve("probes.html"));
        assertTrue(page.contains("accuracy of the probes of drums, layers by heads"));
        byte[] plain = generate("plain");
        assertArrayEquals(plain, generate("still", "--steer", "drums=0", "--probes", probes.toString()));
        byte[] steered = generate("steered", "--steer", "drums", "--probes", probes.toString());
        assertFalse(Arrays.equals(plain, steered));
        String picture = Files.readString(folder.resolve("steered/steering.html"));
        assertTrue(picture.contains("monitor and strength of drums") && picture.contains("piano roll of"));
    }

    private byte[] generate(String name, String... options) throws IOException {
        Path out = folder.resolve(name);
        String[] first = {"generate", "--checkpoint", BASE, "--prompt", "a slow piano tune", "--out", out.toString()};
        String[] all = Arrays.copyOf(first, first.length + options.length);
        System.arraycopy(options, 0, all, first.length, options.length);
        Invocation generated = Invocation.here(all);
        assertEquals(0, generated.status(), generated.err());
        return Files.readAllBytes(out.resolve("000.wav"));
    }

    /** A piece is given and continued by a page's requests; SIGTERM ends it. */
    @Test
    void aPageIsServedUntilItIsStopped() throws IOException, InterruptedException {
        Path given = folder.resolve("given.mid");
        MidiFiles.write(given, new Etudes(1).heldOut(2).piece());
        Path base = Path.of(BASE).toAbsolutePath();
        Process child = Invocation.start(
                folder, "steer", "serve", base.toString(), "--port", "0", "--continue", given.toString(), "--json");
        try {
            JsonNode facts = new JsonMapper().readTree(Invocation.firstLine(child, folder));
            assertEquals("drums", facts.at("/traits/0").textValue());
            String[] link = facts.path("page").textValue().split("#token=", -1);
            assertTrue(link[0].startsWith("http://127.0.0.1:"), link[0]);
            HttpClient client =
                    HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            assertEquals(
                    200,
                    post(client, link[0] + "api/join", "{\"token\": \"" + link[1] + "\"}")
                            .statusCode());
            HttpResponse<String> piece = post(
                    client, link[0] + "api/next", "{\"text\": \"\", \"strength\": 60, \"dials\": {\"drums\": 0.8}}");
            assertEquals(200, piece.statusCode(), piece.body());
            JsonNode grown = new JsonMapper().readTree(piece.body());
            assertTrue(grown.at("/given/notes").size() > 10, piece.body());
            assertTrue(grown.at("/phrases/0/traits/0/pushes").size() > 0, piece.body());
            child.destroy();
            assertTrue(child.waitFor(60, TimeUnit.SECONDS), "SIGTERM did not end it");
        } finally {
            child.destroyForcibly();
        }
        Invocation ended = Invocation.ended(child, folder);
        assertEquals(128 + 15, ended.status(), ended.err());
        assertTrue(ended.err().stripTrailing().endsWith("stopped"), ended.err());
    }

    private static HttpResponse<String> post(HttpClient client, String address, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatCannotBeServedIsSaidInOneLine() throws IOException {
        Path silent = folder.resolve("silent.mid");
        MidiFiles.write(silent, new Piece(120, Meter.FOUR_FOUR, List.of()));
        refusedAsAPage("silent.mid: has no notes", BASE, "--continue", silent.toString());
        refusedAsAPage("--port is 70000, but must lie in [0, 65535]", BASE, "--port", "70000");
        refusedAsAPage("holds no probes", "../checkpoints/etudes-small");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            refusedAsAPage("--port is " + port + ", but that cannot be listened on", BASE, "--port", port);
        }
    }

    private static void refusedAsAPage(String reason, String... options) {
        String[] all = new String[2 + options.length];
        all[0] = "steer";
        all[1] = "serve";
        System.arraycopy(options, 0, all, 2, options.length);
        Invocation invocation = Invocation.here(all);
        assertEquals(2, invocation.status(), invocation.err());
        assertEquals(1, invocation.err().strip().lines().count(), invocation.err());
        assertTrue(invocation.err().contains(reason), invocation.err());
    }

    /** The probes that ship lie beside the base. */
    @Test
    void badInputIsRefusedInOneLine() throws IOException {
        refused("has no probes of the trait \"drms\", but of drums, bass, guitar, piano", "--steer", "drms");
        refused("must be TRAIT or TRAIT=DEGREE", "--steer", "drums=loud");
        refused("must lie in [-1, 1]", "--steer", "drums=2");
        refused("steering names a trait twice", "--steer", "drums", "--steer", "drums=0.5");
        refused("need --steer", "--steer-strength", "3");
        refused("are for models of sound", "--steer", "drums", "--seconds", "3");
        refused("holds no probes", "--steer", "drums", "--probes", folder.toString());
        Invocation occupied = Invocation.here("steer", "fit", config().toString(), "--out", folder.toString());
        assertEquals(2, occupied.status());
        assertTrue(occupied.err().contains("exists and holds no probes"), occupied.err());
    }

    private void refused(String reason, String... options) throws IOException {
        String[] first = {
            "generate",
            "--checkpoint",
            BASE,
            "--prompt",
            "piano",
            "--out",
            folder.resolve("x").toString()
        };
        String[] all = Arrays.copyOf(first, first.length + options.length);
        System.arraycopy(options, 0, all, first.length, options.length);
        Invocation invocation = Invocation.here(all);
        assertEquals(2, invocation.status(), invocation.err());
        assertEquals(1, invocation.err().strip().lines().count(), invocation.err());
        assertTrue(invocation.err().contains(reason), invocation.err());
    }
}
