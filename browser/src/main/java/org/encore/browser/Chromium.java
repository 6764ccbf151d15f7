package org.encore.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium, driven by the WebDriver protocol of the W3C as {@code chromedriver} speaks it; both are Debian's.
 *
 * <p>The protocol and no library for it, because a dozen requests are all that is needed here.
 */
public final class Chromium implements AutoCloseable {
    private static final String DRIVER = "/usr/bin/chromedriver";
    private static final String BROWSER = "/usr/bin/chromium";
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process driver;
    private final String address;
    private final String session;

    private Chromium(Process driver, int port, Path profile) {
        this.driver = driver;
        this.address = "http://127.0.0.1:" + port + "/session";
        // Plays into nothing; stays off the network; runs as root in containers, where its sandbox cannot.
        Map<String, Object> options = Map.of(
                "binary",
                BROWSER,
                "args",
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-dev-shm-usage",
                        "--disable-gpu",
                        "--mute-audio",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--user-data-dir=" + profile));
        JsonNode made = send(
                "POST",
                "",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of("goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL")))));
        this.session = made.path("sessionId").textValue();
    }

    /** Starts a browser of its own, with an empty profile in a new directory below the one given. */
    public static Chromium start(Path directory) throws IOException {
        for (String program : List.of(DRIVER, BROWSER)) {
            if (!Files.isExecutable(Path.of(program))) {
                throw new IllegalStateException(program
                        + " is missing, which the profile `browser` needs: apt-get install chromium chromium-driver");
            }
        }
        Process driver =
                new ProcessBuilder(DRIVER, "--port=0").redirectErrorStream(true).start();
        try {
            BufferedReader lines = driver.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher started = STARTED.matcher(line);
                if (started.find()) {
                    return new Chromium(
                            driver,
                            Integer.parseInt(started.group(1)),
                            Files.createTempDirectory(directory, "profile"));
                }
            }
            throw new IllegalStateException(DRIVER + " ended before it had started");
        } catch (IOException | RuntimeException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    public void open(String url) {
        command("POST", "/url", Map.of("url", url));
    }

    /** The whole window, with the frame that a headless one does not have. */
    public void resize(int width, int height) {
        command("POST", "/window/rect", Map.of("width", width, "height", height));
    }

    /** Pretends to be a phone: a narrow screen of twice the density that is touched. */
    public void becomePhone(int width, int height) {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
    }

    /** Prefers a colour scheme, {@code light} or {@code dark}. */
    public void prefer(String scheme) {
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private void devtools(String request, Map<String, ?> parameters) {
        command("POST", "/goog/cdp/execute", Map.of("cmd", request, "params", parameters));
    }

    /** What the console has said since the last call: errors, refused requests, broken policies. */
    public List<String> console() {
        List<String> said = new ArrayList<>();
        for (JsonNode line : command("POST", "/se/log", Map.of("type", "browser"))) {
            said.add(line.path("level").asText() + ": " + line.path("message").asText());
        }
        return said;
    }

    /** What a script returns, a promise included. */
    public JsonNode run(String script, Object... arguments) {
        return command("POST", "/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /**
     * What the page has loaded from other servers, {@code outside}, and what its policy stopped, {@code broken}, of a try to load an
     * image from {@code http://elsewhere.example/x.png}.
     */
    public JsonNode elsewhere() {
        return run(
                """
                const broken = [];
                document.addEventListener('securitypolicyviolation', (event) => broken.push(event.blockedURI));
                const outside = performance.getEntriesByType('resource').map((each) => each.name)
                    .filter((name) => !name.startsWith(location.origin + '/'));
                const image = new Image();
                image.src = 'http://elsewhere.example/x.png';
                await new Promise((resume) => setTimeout(resume, 300));
                return {outside, broken};
                """);
    }

    public String text(String selector) {
        return run("return document.querySelector(arguments[0]).textContent.trim()", selector)
                .textValue();
    }

    public boolean is(String selector) {
        return run("return document.querySelector(arguments[0]) !== null", selector)
                .booleanValue();
    }

    /** Clicks as a person does: a click counts as a gesture, without which a browser plays no sound. */
    public void click(String selector) {
        JsonNode element = command("POST", "/element", Map.of("using", "css selector", "value", selector));
        String id = element.elements().next().textValue();
        command("POST", "/element/" + id + "/click", Map.of());
    }

    /** Presses and releases a key. */
    public void press(String key) {
        Map<String, Object> keys = Map.of(
                "type",
                "key",
                "id",
                "keyboard",
                "actions",
                List.of(Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key)));
        command("POST", "/actions", Map.of("actions", List.of(keys)));
    }

    /** Drags the pointer from the middle of an element, by pixels to the right and down. */
    public void drag(String selector, int right, int down) {
        JsonNode element = command("POST", "/element", Map.of("using", "css selector", "value", selector));
        List<Map<String, Object>> moves = List.of(
                Map.of("type", "pointerMove", "origin", element, "x", 0, "y", 0),
                Map.of("type", "pointerDown", "button", 0),
                Map.of("type", "pointerMove", "origin", "pointer", "x", right, "y", down, "duration", 100),
                Map.of("type", "pointerUp", "button", 0));
        command(
                "POST",
                "/actions",
                Map.of("actions", List.of(Map.of("type", "pointer", "id", "mouse", "actions", moves))));
    }

    /** Waits until a condition, an expression of JavaScript, is true. */
    public void await(String condition) {
        String script = "const until = performance.now() + 20000; const done = () => { return " + condition + "; };"
                + "return new Promise((yes, no) => { const look = () => { if (done()) { yes(true); }"
                + " else if (performance.now() > until) { no(new Error('never: " + condition.replace("'", "\"")
                + "')); } else { setTimeout(look, 50); } }; look(); });";
        run(script);
    }

    /** Keeps what is to be seen as a PNG file. */
    public void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                Base64.getDecoder().decode(command("GET", "/screenshot", null).textValue()));
    }

    private JsonNode command(String method, String path, Map<String, ?> body) {
        return send(method, "/" + session + path, body);
    }

    private JsonNode send(String method, String path, Map<String, ?> body) {
        try {
            HttpRequest.BodyPublisher publisher = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                    .timeout(PATIENCE)
                    .method(method, publisher)
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IllegalStateException(value.path("message").asText(response.body()));
            }
            return value;
        } catch (IOException e) {
            throw new IllegalStateException("the browser does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", "/" + session, null);
            driver.destroy();
            if (!driver.waitFor(5, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroyForcibly();
        }
    }
}
