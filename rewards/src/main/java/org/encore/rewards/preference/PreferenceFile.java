package org.encore.rewards.preference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.rewards.preference.NetworkScores.Pooling;

/**
 * The content of {@code preference.json} in the directory of a model.
 *
 * @param kind kind of model in the directory
 * @param pooling how a network pools its steps
 * @param reading which part of a clip the model reads
 * @param tie log-weight of a tie between clips of equal score; null in the file if the model knows no ties
 */
public record PreferenceFile(Kind kind, Pooling pooling, ClipReading reading, double tie) {
    /** The file's name. */
    public static final String NAME = "preference.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Kinds of models. */
    public enum Kind {
        /** A transformer with a scalar head. */
        NETWORK,
        /** A linear model of measures of the piece. */
        MEASURES
    }

    /** Writes the file. */
    public void write(Path directory) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", 1);
        json.put("kind", key(kind));
        json.put("pooling", key(pooling));
        json.put("caption", key(reading.caption()));
        json.put("seconds", reading.seconds());
        json.put("tie", Double.isFinite(tie) ? tie : null);
        AtomicFiles.write(directory.resolve(NAME), JSON.writeValueAsBytes(json));
    }

    /**
     * Reads the file of a model's directory.
     *
     * @throws InvalidFileException if it is missing or malformed
     */
    public static PreferenceFile read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(directory, "holds no " + NAME + ", so it is no preference model");
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json.path("format").asInt() != 1) {
                throw new InvalidFileException(file, "format is " + json.path("format") + ", but must be 1");
            }
            Kind kind = constant(Kind.class, file, json, "kind");
            Pooling pooling = constant(Pooling.class, file, json, "pooling");
            ClipReading.Caption caption = constant(ClipReading.Caption.class, file, json, "caption");
            double seconds = json.path("seconds").asDouble(-1.0);
            double tie = json.path("tie").isNumber() ? json.path("tie").doubleValue() : Double.NEGATIVE_INFINITY;
            return new PreferenceFile(kind, pooling, new ClipReading(caption, seconds), tie);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, "is not valid JSON: " + JsonProblems.of(e), e);
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(file, e.getMessage(), e);
        }
    }

    private static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Path file, JsonNode json, String key) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> key(each).equals(json.path(key).asText()))
                .findFirst()
                .orElseThrow(() -> new InvalidFileException(
                        file,
                        key + " is " + json.path(key) + ", but must be one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(PreferenceFile::key)
                                        .toList()));
    }
}
