package org.encore.preferences.listening.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of the two pages, by the path they are served at; there are no others. */
final class PageFiles {
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
