package org.encore.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves pages and their requests until it is closed. */
public final class PageServer implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(PageServer.class);
    private static final int MOST_CONNECTIONS = 500;
    /** One for each connection and some for the server: who reads slowly keeps a thread, and no one else's. */
    private static final int MOST_THREADS = MOST_CONNECTIONS + 20;

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration FAREWELL = Duration.ofMillis(100);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Javalin javalin;
    private final Settings settings;

    /**
     * Where and how to listen.
     *
     * @param name of the server's threads
     * @param host name or address of this machine, as in links
     * @param address what the host resolves to; on a loopback address, requests for other host names are refused
     * @param port 0 for any free one
     * @param asked what of the settings said so, for the message if it cannot be listened on, such as {@code --port is 80}
     * @param bodyBytes longest body of a request
     */
    public record Settings(String name, String host, InetAddress address, int port, String asked, int bodyBytes) {}

    private PageServer(Javalin javalin, Settings settings) {
        this.javalin = javalin;
        this.settings = settings;
    }

    /**
     * Starts serving.
     *
     * @param files by the path that they are served at
     * @param routes adds the requests of the pages; they answer by {@link Json}, and refuse by {@link Refusal}
     * @throws IllegalArgumentException if the address cannot be listened on
     */
    public static PageServer start(Settings settings, Map<String, PageFile> files, Consumer<RoutesConfig> routes) {
        ServerSocketChannel socket = bound(settings);
        Javalin javalin = Javalin.create(config -> {
            limit(config, settings);
            listen(config, socket);
            config.routes.before(new RequestGuard(settings.address().isLoopbackAddress())::check);
            files.forEach((path, file) -> config.routes.get(
                    path, request -> request.contentType(file.type()).result(file.bytes())));
            routes.accept(config.routes);
            answerProblems(config);
        });
        javalin.start();
        return new PageServer(javalin, settings);
    }

    /** Binds the port before anything else starts, so that nothing must be stopped if it fails. */
    private static ServerSocketChannel bound(Settings settings) {
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
                    settings.asked()
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

    private static void limit(JavalinConfig config, Settings settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = settings.bodyBytes();
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName(settings.name());
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

    private static void answerProblems(JavalinConfig config) {
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

    private static void refuse(Context request, Refusal refusal) {
        int status =
                switch (refusal.reason()) {
                    case MALFORMED -> 400;
                    case UNKNOWN_CLIENT -> 401;
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
            return; // the client went away in the middle of a clip
        }
        LOGGER.warn("{} {} failed", request.method(), request.path(), problem);
        Json.write(request, 500, Map.of("error", "the server could not do that; nothing was recorded"));
    }

    /** Lets a browser show who it is with each request: no script reads it, and no other site's page sends it. */
    public static void remember(Context request, String cookie, String identity, Duration howLong) {
        Cookie made = new Cookie(cookie, identity);
        made.setHttpOnly(true);
        made.setSameSite(SameSite.STRICT);
        made.setMaxAge((int) howLong.toSeconds());
        made.setPath("/");
        request.cookie(made);
    }

    /** The port. */
    public int port() {
        return javalin.port();
    }

    /** A link to a page; a token, unless it is empty, comes behind {@code #}, which browsers do not send. */
    public String link(String path, String token) {
        String host = settings.address().isAnyLocalAddress() ? "THIS-MACHINE" : settings.host();
        String name = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port() + path + (token.isEmpty() ? "" : "#token=" + token);
    }

    /** Stops accepting requests, waits for those that have begun, and stops the server. */
    @Override
    public void close() {
        javalin.stop();
    }
}
