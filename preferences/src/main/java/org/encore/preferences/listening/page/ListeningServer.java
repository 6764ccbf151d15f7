package org.encore.preferences.listening.page;

import java.time.Clock;
import java.util.Map;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.ListeningTest;
import org.encore.web.PageFile;
import org.encore.web.PageServer;
import org.encore.web.Secrets;

/** Serves a listening test until it is closed. */
public final class ListeningServer implements AutoCloseable {
    private final PageServer server;
    private final String listenerToken;
    private final String organiserToken;

    private ListeningServer(PageServer server, String listenerToken, String organiserToken) {
        this.server = server;
        this.listenerToken = listenerToken;
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
        PageServer server = PageServer.start(
                new PageServer.Settings(
                        "listening",
                        settings.host(),
                        settings.address(),
                        settings.port(),
                        "server.port is " + settings.port() + " and server.host is " + settings.host(),
                        settings.limits().bodyBytes()),
                files(),
                routes -> {
                    new ListenerRoutes(test, clock).addTo(routes);
                    new OrganiserRoutes(test, organiserToken, clock).addTo(routes);
                });
        return new ListeningServer(server, settings.listenerToken(), organiserToken);
    }

    /** The files of the two pages, by the path that they are served at. */
    static Map<String, PageFile> files() {
        Map<String, PageFile> files = PageFile.shared();
        files.put("/", PageFile.of(ListeningServer.class, "index.html"));
        files.put("/organiser", PageFile.of(ListeningServer.class, "organiser.html"));
        for (String name :
                new String[] {"listen.css", "organiser.css", "listen.js", "player.js", "waveform.js", "organiser.js"}) {
            files.put("/assets/" + name, PageFile.of(ListeningServer.class, name));
        }
        return files;
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** The link for listeners. */
    public String listenerLink() {
        return server.link("/", listenerToken);
    }

    /** The link to the organiser's page. */
    public String organiserLink() {
        return server.link("/organiser", organiserToken);
    }

    /** Stops accepting requests, waits for those that have begun, and stops the server. */
    @Override
    public void close() {
        server.close();
    }
}
