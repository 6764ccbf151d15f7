package org.encore.music.etudes.idiom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads tables from resources: cells are separated by |, # starts a comment line. */
final class Tables {
    private Tables() {}

    /** The lines of a table as trimmed cells. */
    static List<String[]> read(String resource, int cells) {
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Tables.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(row(resource, line, cells));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
        return rows;
    }

    private static String[] row(String resource, String line, int cells) {
        String[] row = line.split("\\|", -1);
        if (row.length != cells) {
            throw new IllegalArgumentException(resource + ": needs " + cells + " cells apart by |, but has: " + line);
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = row[i].trim();
        }
        return row;
    }
}
