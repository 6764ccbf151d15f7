package org.encore.app.report.profile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.InvalidFileException;

/** The part of a document that a command writes: what stands between two comments. */
public final class DocumentSection {
    private static final String BEGIN = "<!-- measured: begin -->";
    private static final String END = "<!-- measured: end -->";

    private DocumentSection() {}

    /**
     * Looks whether a file has the section.
     *
     * @throws InvalidFileException if it has not
     */
    public static void require(Path file) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN);
        if (begin < 0 || text.indexOf(END, begin) < 0) {
            throw new InvalidFileException(file, "has no lines " + BEGIN + " and " + END + "; add both");
        }
    }

    /** Replaces what stands between the comments. */
    public static void replace(Path file, String section) throws IOException {
        require(file);
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END, begin);
        String replaced = text.substring(0, begin) + "\n\n" + section.strip() + "\n\n" + text.substring(end);
        AtomicFiles.write(file, replaced.getBytes(StandardCharsets.UTF_8));
    }
}
