package org.encore.preferences.listening.page;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.page.ListeningServer.PageFiles.PageFile;
import org.encore.preferences.listening.turns.Refusal;
import org.encore.preferences.listening.turns.Secrets;

/** Serves a listening test until it is closed. */
public final class ListeningServer implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(ListeningServer.class);
    private static final int MOST_CONNECTIONS = 500;
    /** One for each connection and some for the server: a listener who reads slowly keeps a thread, and no one else's. */
    private static final int MOST_THREADS = MOST_CONNECTIONS + 20;

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration FAREWELL = Duration.ofMillis(100);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Javalin javalin;
    private final ServerSettings settings;
    private final String organiserToken;

    private ListeningServer(Javalin javalin, ServerSettings settings, String organiserToken) {
        this.javalin = javalin;
        this.settings = settings;
        this.organiserToken = organiserToken;
    }

    /**
     * Starts serving.
     *
     * @throws IllegalArgumentException if the address cannot be listened on
     */
    public static ListeningServer start(ListeningTest test, Clock clock) {
        ServerSettings settings = test.settings().server();
        String organiserToken = settings.organiserToken().isEmpty() ? Secrets.fresh() : settings.organiserToken();
        ServerSocketChannel socket = bound(settings);
        Javalin javalin = Javalin.create(config -> {
            limit(config, settings);
            listen(config, socket);
            route(config, test, organiserToken, clock);
        });
        javalin.start();
        return new ListeningServer(javalin, settings, organiserToken);
    }

    /** Binds the port before anything else starts, so that nothing must be stopped if it fails. */
    private static ServerSocketChannel bound(ServerSettings settings) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open();
            try {
                socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return socket.bind(new InetSocketAddress(settings.address(), settings.port()));
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "server.port is " + settings.port() + " and server.host is " + settings.host()
                            + ", but that cannot be listened on: another program does already, or the address is not this"
                            + " machine's; name another port, or 0 for any free one",
                    e);
        }
    }

    private static void listen(JavalinConfig config, ServerSocketChannel socket) {
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
            connector.setIdleTimeout(LONGEST_SILENCE.toMillis());
            // On a stop, idle connections of browsers are not waited for.
            connector.setShutdownIdleTimeout(FAREWELL.toMillis());
            try {
                connector.open(socket);
            } catch (IOException e) {
                throw new UncheckedIOException("the port cannot be listened on", e);
            }
            return connector;
        });
    }

    private static void limit(JavalinConfig config, ServerSettings settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = settings.limits().bodyBytes();
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName("listening");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(GRACE.toMillis());
            server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        });
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            // Ambiguous addresses are refused.
            http.setUriCompliance(UriCompliance.DEFAULT);
        });
    }

    private static void route(JavalinConfig config, ListeningTest test, String organiserToken, Clock clock) {
        RequestGuard guard = new RequestGuard(test.settings().server().address().isLoopbackAddress());
        config.routes.before(guard::check);
        PageFiles.all().forEach((path, file) -> config.routes.get(path, request -> send(request, file)));
        new ListenerRoutes(test, clock).addTo(config.routes);
        new OrganiserRoutes(test, organiserToken, clock).addTo(config.routes);
        config.routes.exception(Refusal.class, (refusal, request) -> refuse(request, refusal));
        config.routes.exception(
                HttpResponseException.class,
                (problem, request) ->
                        Json.write(request, problem.getStatus(), Map.of("error", "this request is refused")));
        config.routes.exception(Exception.class, (problem, request) -> fail(request, problem));
        config.routes.error(404, request -> {
            if (request.result() == null || request.result().isEmpty()) {
                Json.write(request, 404, Map.of("error", "there is nothing here"));
            }
        });
    }

    private static void send(Context request, PageFile file) {
        request.contentType(file.type()).result(file.bytes());
    }

    private static void refuse(Context request, Refusal refusal) {
        int status =
                switch (refusal.reason()) {
                    case MALFORMED -> 400;
                    case UNKNOWN_LISTENER -> 401;
                    case NOT_FOUND -> 404;
                    case TOO_EARLY -> 409;
                    case CLOSED -> 410;
                    case TOO_MANY -> 429;
                    case FULL -> 503;
                };
        if (refusal.waitSeconds() > 0) {
            request.header("Retry-After", Long.toString(refusal.waitSeconds()));
        }
        Json.write(request, status, Map.of("error", refusal.getMessage()));
    }

    private static void fail(Context request, Exception problem) {
        if (problem instanceof IOException && request.res().isCommitted()) {
            return; // the listener went away in the middle of a clip
        }
        LOGGER.warn("{} {} failed", request.method(), request.path(), problem);
        Json.write(request, 500, Map.of("error", "the server could not do that; nothing was recorded"));
    }

    /** The port. */
    public int port() {
        return javalin.port();
    }

    /** The link for listeners. */
    public String listenerLink() {
        return link("/", settings.listenerToken());
    }

    /** The link to the organiser's page. */
    public String organiserLink() {
        return link("/organiser", organiserToken);
    }

    private String link(String path, String token) {
        InetAddress address = settings.address();
        String host = address.isAnyLocalAddress() ? "THIS-MACHINE" : settings.host();
        String name = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port() + path + (token.isEmpty() ? "" : "#token=" + token);
    }

    /** Stops accepting requests, waits for those that have begun, and stops the server. */
    @Override
    public void close() {
        javalin.stop();
    }

    /** The files of the two pages, by the path that they are served at. */
    static final class PageFiles {
        private static final String HTML = "text/html; charset=utf-8";
        private static final String CSS = "text/css; charset=utf-8";
        private static final String SCRIPT = "text/javascript; charset=utf-8";

        private PageFiles() {}

        /** One file. */
        @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
        record PageFile(String type, byte[] bytes) {}

        /** Reads all of them. */
        static Map<String, PageFile> all() {
            Map<String, PageFile> files = new LinkedHashMap<>();
            files.put("/", file("index.html", HTML));
            files.put("/organiser", file("organiser.html", HTML));
            files.put("/assets/listen.css", file("listen.css", CSS));
            files.put("/assets/organiser.css", file("organiser.css", CSS));
            files.put("/assets/listen.js", file("listen.js", SCRIPT));
            files.put("/assets/player.js", file("player.js", SCRIPT));
            files.put("/assets/waveform.js", file("waveform.js", SCRIPT));
            files.put("/assets/server.js", file("server.js", SCRIPT));
            files.put("/assets/organiser.js", file("organiser.js", SCRIPT));
            files.put("/assets/icon.svg", file("icon.svg", "image/svg+xml"));
            return Collections.unmodifiableMap(files);
        }

        private static PageFile file(String name, String type) {
            try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the program is incomplete: it lacks " + name);
                }
                return new PageFile(type, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(name + " cannot be read from the program", e);
            }
        }
    }
}
