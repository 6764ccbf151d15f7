package org.encore.music.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The table of phrases: value and form to training and held-out wordings. */
final class Lexicon {
    /** Where in a caption a phrase can stand. */
    enum Form {
        NOUN,
        ADJECTIVE,
        PHRASE,
        TAG,
        NAME
    }

    /** One line of the table: phrases for training captions, and those kept for held-out captions. */
    record Entry(List<String> training, List<String> heldOut) {
        List<String> of(CaptionWriter.Wording wording) {
            return wording == CaptionWriter.Wording.TRAINING ? training : heldOut;
        }
    }

    /** What the table is asked for. */
    record Key(String value, Form form) {}

    private static final String RESOURCE = "phrases.txt";

    private final Map<Key, Entry> entries;

    private Lexicon(Map<Key, Entry> entries) {
        this.entries = entries;
    }

    /** Reads the table that ships with the module. */
    static Lexicon shipped() {
        Map<Key, Entry> entries = new LinkedHashMap<>();
        try (InputStream stream = Lexicon.class.getResourceAsStream(RESOURCE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    addLine(line, entries);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
        return new Lexicon(entries);
    }

    private static void addLine(String line, Map<Key, Entry> entries) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException(RESOURCE + ": needs 4 cells apart by |, but has: " + line);
        }
        Key key = new Key(cells[0].trim(), Form.valueOf(cells[1].trim().toUpperCase(Locale.ROOT)));
        if (entries.put(key, new Entry(phrases(cells[2]), phrases(cells[3]))) != null) {
            throw new IllegalArgumentException(RESOURCE + ": is said twice: " + key);
        }
    }

    private static List<String> phrases(String cell) {
        List<String> phrases = new ArrayList<>();
        for (String phrase : cell.split(";", -1)) {
            phrases.add(phrase.trim());
        }
        return List.copyOf(phrases);
    }

    /** All lines, in the order of the table. */
    Map<Key, Entry> entries() {
        return entries;
    }

    /** Draws a phrase for a value. */
    String draw(String value, Form form, CaptionWriter.Wording wording, RandomGenerator random) {
        Entry entry = entries.get(new Key(value, form));
        if (entry == null) {
            throw new IllegalArgumentException(RESOURCE + ": has no " + form + " for " + value);
        }
        List<String> phrases = entry.of(wording);
        return phrases.get(random.nextInt(phrases.size()));
    }
}
