package org.encore.rewards.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.encore.base.files.AtomicFiles;
import org.encore.music.audio.WaveFiles;
import org.encore.music.midi.MidiFiles;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.service.ServiceReward.Exchange.NoAnswerException;

/**
 * Scores by an HTTP service, usually a program in another language on the same machine.
 *
 * <p>A request that times out, cannot be delivered, or gets status 429 or 5xx is repeated after a pause; any other
 * breach of the protocol fails at once. docs/extending.md describes the protocol.
 */
public final class ServiceReward implements RewardModel {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_OF_SERVER_ERRORS = 500;
    private static final int OK = 200;
    private static final int MOST_OF_BODY = 200;

    private final String id;
    private final Service settings;
    private final Exchange exchange;

    public ServiceReward(String id, Service settings) {
        this.id = Objects.requireNonNull(id, "id");
        this.settings = settings;
        this.exchange = new Exchange(settings);
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * Scores a batch, in requests of some samples.
     *
     * @throws RewardFailure if the service does not answer, or breaks the protocol
     */
    @Override
    public List<Score> score(List<Sample> batch) {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < batch.size(); from += settings.batch()) {
            List<Sample> some = batch.subList(from, Math.min(batch.size(), from + settings.batch()));
            try (ServiceRequest question = ServiceRequest.about(id, some, settings)) {
                scores.addAll(answer(question));
            } catch (IOException e) {
                throw new RewardFailure(id, e);
            }
        }
        return scores;
    }

    private List<Score> answer(ServiceRequest question) {
        String problem = "";
        for (int attempt = 0; attempt < settings.attempts(); attempt++) {
            pause(attempt);
            try {
                Exchange.Reply reply = exchange.post(question.body());
                if (reply.status() == OK) {
                    return ServiceResponse.read(id, reply.body(), question.samples());
                }
                problem = "answered with status " + reply.status() + ": " + beginning(reply.body());
                if (reply.status() < FIRST_OF_SERVER_ERRORS && reply.status() != TOO_MANY_REQUESTS) {
                    throw failure(problem, 1);
                }
            } catch (NoAnswerException e) {
                problem = e.getMessage();
            }
        }
        throw failure(problem, settings.attempts());
    }

    private RewardFailure failure(String problem, int times) {
        return new RewardFailure(
                id, problem + (times == 1 ? "" : ", " + times + " times") + "; it is asked at " + settings.url());
    }

    private void pause(int attempt) {
        if (attempt > 0) {
            long nanos = (long) (1e9 * settings.backoffSeconds() * Math.pow(2.0, attempt - 1.0));
            CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run))
                    .join();
        }
    }

    private static String beginning(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("nothing");
        return line.length() <= MOST_OF_BODY ? line : line.substring(0, MOST_OF_BODY) + "…";
    }

    /** One request: {@code {"reward": …, "samples": [{"prompt": …, "wav": …, "midi": …}, …]}}. */
    static final class ServiceRequest implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final byte[] body;
        private final int samples;

        /** Directory of the WAV files that the request names, or null. */
        private final Path files;

        private ServiceRequest(byte[] body, int samples, Path files) {
            this.body = body;
            this.samples = samples;
            this.files = files;
        }

        /** Creates the request, and the files that it names. */
        static ServiceRequest about(String reward, List<Sample> samples, Service settings) throws IOException {
            if (settings.sound() != Service.Sound.NONE) {
                // Rendering takes longest; clips may be rendered side by side.
                samples.parallelStream().forEach(sample -> sample.clip().waveform());
            }
            Path files = settings.sound() == Service.Sound.PATH ? Files.createTempDirectory("encore-reward") : null;
            ObjectNode request = JSON.createObjectNode().put("reward", reward);
            for (int i = 0; i < samples.size(); i++) {
                ObjectNode each = request.withArray("/samples").addObject();
                write(samples.get(i), each, settings, files == null ? null : files.resolve(name(i)));
            }
            return new ServiceRequest(JSON.writeValueAsBytes(request), samples.size(), files);
        }

        private static void write(Sample sample, ObjectNode to, Service settings, Path file) throws IOException {
            to.put("prompt", sample.prompt().text());
            switch (settings.sound()) {
                case BASE64 -> to.put("wav", WaveFiles.toBytes(sample.clip().waveform()));
                case PATH -> {
                    WaveFiles.write(file, sample.clip().waveform());
                    to.put("wav_path", file.toAbsolutePath().toString());
                }
                case NONE -> {}
            }
            if (settings.notes() == Service.Notes.BASE64) {
                sample.clip().piece().ifPresent(piece -> to.put("midi", MidiFiles.toBytes(piece)));
            }
        }

        private static String name(int index) {
            return String.format(Locale.ROOT, "%03d.wav", index);
        }

        byte[] body() {
            return body;
        }

        int samples() {
            return samples;
        }

        @Override
        public void close() throws IOException {
            if (files != null) {
                AtomicFiles.deleteRecursively(files);
            }
        }
    }

    /** The response: {@code {"scores": [number or null, …]}}. */
    static final class ServiceResponse {
        private static final ObjectMapper JSON = new ObjectMapper();
        private static final String SCORES = "scores";

        private ServiceResponse() {}

        /**
         * Reads a response.
         *
         * @param samples number of samples of the request
         * @throws RewardFailure if it is malformed or has the wrong number of scores
         */
        static List<Score> read(String id, byte[] body, int samples) {
            JsonNode scores = tree(id, body).path(SCORES);
            if (!scores.isArray()) {
                throw new RewardFailure(id, "answered without a list of " + SCORES);
            }
            if (scores.size() != samples) {
                throw new RewardFailure(id, "answered with " + scores.size() + " scores for " + samples + " samples");
            }
            List<Score> read = new ArrayList<>();
            for (JsonNode score : scores) {
                read.add(score(id, score, read.size()));
            }
            return read;
        }

        private static JsonNode tree(String id, byte[] body) {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                String problem = e.getMessage().lines().findFirst().orElse("");
                throw new RewardFailure(id, "answered with what is not valid JSON: " + problem);
            }
        }

        private static Score score(String id, JsonNode score, int index) {
            if (score.isNull()) {
                return Score.abstention("the service abstains");
            }
            if (!score.isNumber() || !Double.isFinite(score.doubleValue())) {
                throw new RewardFailure(
                        id, "answered " + score + " for sample " + index + ", but must answer a finite number or null");
            }
            return Score.of(score.doubleValue(), "answer of the service");
        }
    }

    /** Posts a request and waits for the complete response within the time limit. */
    static final class Exchange {
        private static final double NANOS = 1e9;

        private final Service settings;
        private final HttpClient client;

        /** Status and body of a response. */
        @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
        record Reply(int status, byte[] body) {}

        /** There was no response; the message completes the sentence "reward id …". */
        static final class NoAnswerException extends Exception {
            private static final long serialVersionUID = 1L;

            NoAnswerException(String problem) {
                super(problem);
            }
        }

        Exchange(Service settings) {
            this.settings = settings;
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofNanos(nanos()));
            if (settings.reach() == Service.Reach.LOOPBACK) {
                builder.proxy(HttpClient.Builder.NO_PROXY);
            }
            this.client = builder.build();
        }

        private long nanos() {
            return (long) (settings.timeoutSeconds() * NANOS);
        }

        Reply post(byte[] body) throws NoAnswerException {
            HttpRequest request = HttpRequest.newBuilder(settings.uri())
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            CompletableFuture<HttpResponse<byte[]>> sent =
                    client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
            try {
                // The time-out of a request ends with the headers of its answer; this one holds for the body as well.
                HttpResponse<byte[]> response = sent.get(nanos(), TimeUnit.NANOSECONDS);
                return new Reply(response.statusCode(), response.body());
            } catch (TimeoutException e) {
                sent.cancel(true);
                throw new NoAnswerException("did not answer within " + settings.timeoutSeconds() + " s");
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
                throw new NoAnswerException("could not be asked (" + reason + ")");
            } catch (InterruptedException e) {
                sent.cancel(true);
                Thread.currentThread().interrupt();
                throw new NoAnswerException("was interrupted");
            }
        }
    }
}
