package org.encore.preferences.comparisons;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote.RatedClip;

/**
 * One line of a file and access to its values; errors name file and line.
 *
 * @param file the file; paths in the line are relative to its directory
 * @param number line number, counted from 1
 * @param json the object on the line
 */
record JsonLine(Path file, int number, JsonNode json) {
    private static final double MS_PER_S = 1000.0;

    InvalidFileException invalid(String problem) {
        return new InvalidFileException(file, "line " + number + ": " + problem);
    }

    /** The text of a required key, not blank. */
    String text(String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw invalid(key + " is " + shown(value) + ", but must be a text that is not blank");
        }
        return value.textValue();
    }

    /** The text of an optional key; empty if absent or null. */
    String textOrEmpty(String key) {
        return textOrEmpty(json.path(key), key);
    }

    /** An optional text; empty if absent or null; {@code name} is for messages. */
    String textOrEmpty(JsonNode value, String name) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw invalid(name + " is " + shown(value) + ", but must be a text");
        }
        return value.textValue();
    }

    /** The required path of a clip. */
    Path clip(String key) {
        return path(text(key), key);
    }

    /** A path, resolved against the directory of the file. */
    Path path(String text, String name) {
        try {
            return file.resolveSibling(text);
        } catch (InvalidPathException e) {
            throw new InvalidFileException(
                    file, "line " + number + ": " + name + " is " + text + ", but must be a path: " + e.getReason(), e);
        }
    }

    /** A preference, in any case. */
    Preference preference(JsonNode value, String name) {
        return Preference.of(value.asText())
                .orElseThrow(() -> invalid(name + " is " + shown(value) + ", but must be one of " + Preference.keys()));
    }

    /** Seconds under {@code <key>_s}, or milliseconds under {@code <key>_ms}. */
    OptionalDouble seconds(String key) {
        OptionalDouble seconds = number(json.path(key + "_s"), key + "_s");
        if (seconds.isPresent()) {
            return seconds;
        }
        OptionalDouble milliseconds = number(json.path(key + "_ms"), key + "_ms");
        return milliseconds.isPresent() ? OptionalDouble.of(milliseconds.getAsDouble() / MS_PER_S) : seconds;
    }

    /** An optional number, at least 0. */
    OptionalDouble number(JsonNode value, String name) {
        if (value.isMissingNode() || value.isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0.0 && Double.isFinite(value.doubleValue()))) {
            throw invalid(name + " is " + shown(value) + ", but must be a finite number, at least 0");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /** An optional rating, from 1 to 5. */
    OptionalDouble rating(String key) {
        OptionalDouble rating = number(json.path(key), key);
        if (rating.isPresent()
                && !(rating.getAsDouble() >= RatedClip.WORST && rating.getAsDouble() <= RatedClip.BEST)) {
            throw invalid(key + " is " + rating.getAsDouble() + ", but must be a rating from 1 to 5");
        }
        return rating;
    }

    /** An optional time: ISO 8601 in UTC, or seconds since 1970. */
    Optional<Instant> time(JsonNode value, String name) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    value.isNumber()
                            ? Instant.ofEpochMilli(Math.round(value.doubleValue() * MS_PER_S))
                            : Instant.parse(value.asText().toUpperCase(Locale.ROOT)));
        } catch (DateTimeException e) {
            throw new InvalidFileException(
                    file,
                    "line " + number + ": " + name + " is " + shown(value)
                            + ", but must be a time like 2026-01-31T12:00:00Z, or seconds since 1970",
                    e);
        }
    }

    static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.toString();
    }
}
