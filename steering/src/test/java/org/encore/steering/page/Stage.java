package org.encore.steering.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Timbre;
import org.encore.run.Progress;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.ProbeFit;
import org.encore.steering.probes.ProbeSettings;
import org.encore.steering.probes.Trait;

/** A model that is served, and a client without eyes and ears. */
final class Stage implements AutoCloseable {
    static final Path BASE = Path.of("..", "checkpoints", "etudes-captions");
    static final String TINY = "hf_musicgen_tiny";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Shards shards;
    private final PretrainedModel model;
    private final SteeringServer server;
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private Stage(Path checkpoint, Path probes, Optional<Piece> beginning) throws IOException {
        KernelChoice kernels = KernelChoice.best(Precision.SINGLE);
        shards = Shards.of(1, kernels::open);
        model = PretrainedModel.open(CheckpointInfo.of(checkpoint), shards);
        ProbeDirectory fitted = ProbeDirectory.read(probes, model.config().decoder());
        server = SteeringServer.start(
                new SteeringServer.Settings(model, "base", fitted, SamplingSettings.defaults(), 7),
                beginning,
                Optional.empty(),
                0,
                Clock.systemUTC());
    }

    /** The shipped base with its probes. */
    static Stage ofNotes(Optional<Piece> beginning) throws IOException {
        return new Stage(BASE, BASE.resolve(ProbeDirectory.BESIDE), beginning);
    }

    /** The tiny MusicGen of the reference data, with probes of its own, in a folder. */
    static Stage ofSound(Path folder) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve("musicgen"));
        try (Stream<Path> files = Files.list(Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", TINY))) {
            for (Path file : files.toList()) {
                Files.write(checkpoint.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        Files.copy(BASE.resolve("tokenizer.json"), checkpoint.resolve("tokenizer.json"));
        Path probes = checkpoint.resolve(ProbeDirectory.BESIDE);
        KernelChoice kernels = KernelChoice.best(Precision.SINGLE);
        try (Shards shards = Shards.of(1, kernels::open);
                PretrainedModel model = PretrainedModel.open(CheckpointInfo.of(checkpoint), shards)) {
            ProbeSettings few = new ProbeSettings(0.5, 6, 4, 4, 10.0, 0);
            ProbeFit fit = new ProbeFit(model, few, 1);
            List<ProbeFit.Fitted> fitted = new ArrayList<>();
            for (Timbre timbre : List.of(Timbre.DRUMS, Timbre.PIANO)) {
                fitted.add(fit.fit(new Trait.Instrument(timbre), Progress.none()));
            }
            ProbeDirectory.write(probes, "musicgen", "", model.config().decoder(), 5.0, few, fitted);
        }
        return new Stage(checkpoint, probes, Optional.empty());
    }

    SteeringServer server() {
        return server;
    }

    /** What the server said. */
    record Answer(int status, HttpResponse<byte[]> response) {
        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        byte[] bytes() {
            return response.body();
        }
    }

    Answer join() {
        return post("/api/join", Map.of("token", server.link().replaceFirst(".*token=", "")));
    }

    Answer get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    Answer post(String path, Map<String, ?> body) {
        try {
            return post(path, JSON.writeValueAsString(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Plays a phrase, or the last one again. */
    JsonNode play(String what, Map<String, Double> dials) {
        Answer answer = post("/api/" + what, Map.of("text", "a fast tune", "strength", 60.0, "dials", dials));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.json().toString());
        }
        return answer.json();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60));
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The piece that a page shows: what was given, then each phrase. */
    static Piece shown(JsonNode piece) {
        List<Note> notes = new ArrayList<>();
        List<JsonNode> parts = new ArrayList<>(List.of(piece.path("given")));
        piece.path("phrases").forEach(parts::add);
        for (JsonNode part : parts) {
            for (JsonNode note : part.path("notes")) {
                notes.add(new Note(
                        new Instrument(note.path(0).intValue()),
                        note.path(1).intValue(),
                        note.path(2).intValue(),
                        note.path(3).intValue(),
                        note.path(4).intValue()));
            }
        }
        String[] meter = piece.path("meter").asText().split("/", -1);
        return new Piece(
                piece.path("tempo").intValue(),
                new Meter(Integer.parseInt(meter[0]), Integer.parseInt(meter[1])),
                notes);
    }

    @Override
    public void close() {
        server.close();
        model.close();
        shards.close();
    }
}
