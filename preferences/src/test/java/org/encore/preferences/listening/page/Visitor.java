package org.encore.preferences.listening.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A browser without eyes and ears: what the listener's page sends, over HTTP, with its cookie. */
final class Visitor {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;
    private final HttpClient client;
    private final CookieManager cookies = new CookieManager();
    private final List<String> everythingSeen = new ArrayList<>();

    /** What the server said. */
    record Answer(int status, HttpResponse<byte[]> response) {
        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new IllegalStateException(text(), e);
            }
        }

        String text() {
            return new String(response.body(), StandardCharsets.ISO_8859_1);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Visitor(int port) {
        this.port = port;
        this.client = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** A visitor who has joined. */
    static Visitor joined(int port) {
        Visitor visitor = new Visitor(port);
        Answer answer = visitor.post("/api/join", Map.of());
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.text());
        }
        return visitor;
    }

    Answer get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    Answer post(String path, Map<String, ?> body, String... headers) {
        try {
            return post(path, JSON.writeValueAsString(body), "application/json", headers);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer post(String path, String body, String type, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** The standing of this visitor, with the pair before them. */
    JsonNode standing() {
        Answer answer = get("/api/pair");
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.text());
        }
        return answer.json();
    }

    /** Fetches both clips of a pair in full. */
    void fetch(JsonNode pair) {
        for (JsonNode clip : pair.path("clips")) {
            Answer answer = get("/api/clips/" + clip.path("id").textValue());
            if (answer.status() != 200) {
                throw new IllegalStateException(answer.text());
            }
        }
    }

    Answer heard(JsonNode pair, int side, double seconds) {
        String clip = pair.path("clips").path(side).path("id").textValue();
        return post("/api/heard", Map.of("clip", clip, "seconds", seconds));
    }

    Answer vote(JsonNode pair, String choice) {
        return post("/api/votes", Map.of("pair", pair.path("id").textValue(), "choice", choice));
    }

    /** All that ever reached this visitor, headers included. */
    String everythingSeen() {
        return String.join("\n", everythingSeen);
    }

    CookieManager cookies() {
        return cookies;
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response);
            everythingSeen.add(response.headers().map() + "\n" + answer.text());
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
