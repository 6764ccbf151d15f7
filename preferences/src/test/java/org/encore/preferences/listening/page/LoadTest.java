package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many listeners at once, beside others who read slowly, send too much, guess tokens and repeat their votes.
 *
 * <p>{@code -Dencore.load.listeners=300 -Dencore.load.seconds=120} sets how many and how long; the latencies are written
 * to {@code target/load.txt} of the module.
 */
final class LoadTest {
    private static final int LISTENERS = Integer.getInteger("encore.load.listeners", 60);
    private static final int SECONDS = Integer.getInteger("encore.load.seconds", 5);
    private static final int PAIRS = 40;
    /** More than half of the threads that a server had that gives each request one of few. */
    private static final int SLOW_READERS = 60;
    /** A listener acts, then listens for so long. */
    private static final long THINKING_MS = 2000;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final CountDownLatch never = new CountDownLatch(1);
    private final Map<String, ConcurrentLinkedQueue<Long>> latencies = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    @Test
    void noVoteIsLost() throws IOException, InterruptedException, ExecutionException {
        ServedTest.writeClips(directory, PAIRS, ServedTest.CLIP_SECONDS);
        Rules rules = new Rules(1_000_000, 0.0, 20.0, 0.0);
        ExecutorService threads = Executors.newCachedThreadPool(Thread::new);
        List<Socket> slow = new ArrayList<>();
        try (ServedTest served = ServedTest.start(
                ServedTest.settings(directory, rules, ServedTest.loopback(ServedTest.patient())), Clock.systemUTC())) {
            int port = served.port();
            Listener first = new Listener(port);
            for (int i = 0; i < SLOW_READERS; i++) {
                slow.add(first.stalled());
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < LISTENERS; i++) {
                int index = i;
                all.add(threads.submit(() -> {
                    // Arrivals spread over the first of their pauses.
                    pause(THINKING_MS * index / LISTENERS);
                    new Listener(port).listen(end, index);
                    return null;
                }));
            }
            all.add(threads.submit(() -> {
                new Stranger(port).bother(end);
                return null;
            }));
            for (Future<?> each : all) {
                each.get();
            }
            List<StoredVote> votes = served.store().votes();
            Set<String> kept = votes.stream().map(StoredVote::ballot).collect(Collectors.toSet());
            assertEquals(List.of(), List.copyOf(wrong), "answers that no listener should get");
            assertEquals(votes.size(), kept.size(), "no vote counts twice");
            assertEquals(acknowledged, kept, "what was acknowledged is what is kept");
            assertTrue(acknowledged.size() >= LISTENERS, "votes: " + acknowledged.size());
            report();
        } finally {
            for (Socket each : slow) {
                each.close();
            }
            threads.shutdownNow();
        }
    }

    private void report() throws IOException {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "%d listeners, %d s, %d votes%n", LISTENERS, SECONDS, acknowledged.size()));
        new TreeMap<>(latencies).forEach((what, all) -> {
            long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
            table.append(String.format(Locale.ROOT, "%-6s %7d requests, ms:", what, sorted.length));
            for (double share : new double[] {0.5, 0.9, 0.99, 0.999, 1.0}) {
                int at = (int) Math.min(sorted.length - 1.0, Math.floor(share * sorted.length));
                table.append(
                        String.format(Locale.ROOT, "  p%s %.1f", share == 1.0 ? "100" : 100 * share, sorted[at] / 1e6));
            }
            table.append(System.lineSeparator());
            assertTrue(sorted[sorted.length * 99 / 100] < TimeUnit.SECONDS.toNanos(10), table.toString());
        });
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("load.txt"), table);
    }

    private void pause(long milliseconds) throws InterruptedException {
        never.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Sends requests with the cookie of one listener, all over one client. */
    private class Listener {
        private final int port;
        private final String cookie;

        Listener(int port) throws IOException, InterruptedException {
            this.port = port;
            HttpResponse<byte[]> joined = send("join", post("/api/join", "{}", ""));
            this.cookie = joined.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(60));
        }

        HttpRequest post(String path, String body, String cookies) {
            HttpRequest.Builder request = request(path)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            return (cookies.isEmpty() ? request : request.header("Cookie", cookies)).build();
        }

        HttpResponse<byte[]> send(String what, HttpRequest request) throws IOException, InterruptedException {
            long start = System.nanoTime();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            latencies
                    .computeIfAbsent(what, unused -> new ConcurrentLinkedQueue<>())
                    .add(System.nanoTime() - start);
            return response;
        }

        JsonNode get(String what, String path) throws IOException, InterruptedException {
            HttpResponse<byte[]> response =
                    send(what, request(path).header("Cookie", cookie).build());
            if (response.statusCode() != 200) {
                wrong.add(path + ": " + response.statusCode());
                return JSON.missingNode();
            }
            return what.equals("clip") ? JSON.missingNode() : JSON.readTree(response.body());
        }

        /** Asks for a clip and reads nothing of it. */
        Socket stalled() throws IOException, InterruptedException {
            String clip = get("pair", "/api/pair").at("/pair/clips/0/id").textValue();
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            OutputStream out = socket.getOutputStream();
            // Many clips on one connection: more than the buffers between the two ends hold.
            for (int i = 0; i < 200; i++) {
                out.write(("GET /api/clips/" + clip + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nCookie: " + cookie
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            return socket;
        }

        void listen(long end, int index) throws IOException, InterruptedException {
            while (System.nanoTime() < end) {
                JsonNode pair = get("pair", "/api/pair").path("pair");
                if (!pair.path("id").isTextual()) {
                    return;
                }
                for (JsonNode clip : pair.path("clips")) {
                    get("clip", "/api/clips/" + clip.path("id").textValue());
                }
                String id = pair.path("id").textValue();
                String body = JSON.writeValueAsString(Map.of("pair", id, "choice", "tie"));
                int status = send("vote", post("/api/votes", body, cookie)).statusCode();
                if (status == 201) {
                    acknowledged.add(id);
                } else {
                    wrong.add("vote: " + status);
                }
                // Every fifth listener sends each vote again, as a page does that has lost the answer.
                if (index % 5 == 0) {
                    int again = send("again", post("/api/votes", body, cookie)).statusCode();
                    if (again != 200 && again != 201) {
                        wrong.add("repeated vote: " + again);
                    }
                }
                pause(THINKING_MS);
            }
        }
    }

    /** Someone who has no business here. */
    private final class Stranger extends Listener {
        Stranger(int port) throws IOException, InterruptedException {
            super(port);
        }

        void bother(long end) throws IOException, InterruptedException {
            String large = "{\"pair\": \"" + "x".repeat(1 << 20) + "\"}";
            while (System.nanoTime() < end) {
                for (String cookies : Arrays.asList("listener=wrong", "x=" + "y".repeat(3000), "listener=")) {
                    refused(send("stranger", post("/api/votes", "{\"pair\":\"x\",\"choice\":\"a\"}", cookies)));
                }
                try {
                    refused(send("stranger", post("/api/votes", large, "")));
                } catch (IOException closed) {
                    // The server does not read what is too long: it hangs up.
                    assertTrue(closed.getMessage() != null, closed.toString());
                }
                refused(send("stranger", post("/api/votes", "{\"pair\":", "")));
                refused(send(
                        "stranger",
                        request("/api/clips/..%2f..%2fjudgements.db").build()));
                pause(50);
            }
        }

        private void refused(HttpResponse<byte[]> response) {
            if (response.statusCode() < 400 || response.statusCode() >= 500) {
                wrong.add("a stranger got " + response.statusCode());
            }
        }
    }
}
