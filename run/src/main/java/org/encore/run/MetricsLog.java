package org.encore.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;

/**
 * The file {@code metrics.jsonl}: one JSON object per step, with the key {@code step} first.
 *
 * <p>Every line is flushed at once, so an interrupted run loses at most the line that it was writing. A run that resumes from
 * a checkpoint drops the lines of later steps, because it writes them again.
 */
public final class MetricsLog implements AutoCloseable {
    private static final String STEP = "step";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Writer writer;

    private MetricsLog(Path file, Writer writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Opens the log of a fresh run, which has none yet. */
    public static MetricsLog create(Path file) throws IOException {
        return new MetricsLog(file, Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
    }

    /**
     * Opens the log of a resumed run; atomically drops the lines of later steps and a half-written last line.
     *
     * @param step the last step that the checkpoint holds
     */
    public static MetricsLog resume(Path file, long step) throws IOException {
        if (Files.exists(file)) {
            AtomicFiles.write(file, out -> copyUpTo(step, file, out));
        }
        return new MetricsLog(
                file, Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /**
     * Appends one line.
     *
     * @param step which step the metrics belong to
     * @param metrics names and values, written in the order of the map; not-a-number and infinite values become text
     */
    public void write(long step, Map<String, ?> metrics) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(STEP, step);
        line.putAll(metrics);
        try {
            writer.write(JSON.writeValueAsString(line) + "\n");
            writer.flush();
        } catch (IOException e) {
            throw AtomicFiles.naming(file, e);
        }
    }

    /**
     * Reads the values of one metric, in the order of the lines; skips lines without it.
     *
     * @param lastStep skips lines of later steps
     */
    public static List<Double> values(Path file, String name, long lastStep) throws IOException {
        List<Double> values = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode value = stepOf(line) <= lastStep ? JSON.readTree(line).path(name) : MissingNode.getInstance();
                if (value.isNumber()) {
                    values.add(value.doubleValue());
                }
            }
        } catch (CharacterCodingException e) {
            throw notText(file, e);
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static void copyUpTo(long step, Path file, OutputStream out) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (stepOf(line) <= step) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (CharacterCodingException e) {
            throw notText(file, e);
        }
    }

    private static InvalidFileException notText(Path file, CharacterCodingException e) {
        return new InvalidFileException(file, "is damaged: it is not UTF-8 text", e);
    }

    /** The step of a line; {@code Long.MAX_VALUE} if the line is cut off. */
    private static long stepOf(String line) {
        try {
            JsonNode step = JSON.readTree(line).path(STEP);
            return step.isIntegralNumber() ? step.longValue() : Long.MAX_VALUE;
        } catch (JsonProcessingException e) {
            return Long.MAX_VALUE;
        }
    }
}
