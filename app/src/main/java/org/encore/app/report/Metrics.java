package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metrics of a {@code metrics.jsonl}, each as a curve.
 *
 * <p>What is no number becomes a gap; a line that cannot be read, such as the last one of a run that was cut off, is
 * counted and left out.
 */
public final class Metrics {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STEP = "step";

    private final Map<String, Curve> curves;
    private final int unreadableLines;

    private Metrics(Map<String, Curve> curves, int unreadableLines) {
        this.curves = curves;
        this.unreadableLines = unreadableLines;
    }

    /** No metrics. */
    public static Metrics none() {
        return new Metrics(Map.of(), 0);
    }

    /** Reads a file; no metrics if there is none. */
    static Metrics readIfThere(Path file) throws IOException {
        return Files.isRegularFile(file) ? read(file) : none();
    }

    /** Reads a file. */
    public static Metrics read(Path file) throws IOException {
        Map<String, SortedMap<Long, Double>> points = new LinkedHashMap<>();
        int unreadable = 0;
        try (BufferedReader reader = new BufferedReader(
                // Unlike Files.newBufferedReader, this one lives with bytes that are no UTF-8.
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !isTaken(line, points)) {
                    unreadable++;
                }
            }
        }
        Map<String, Curve> curves = new LinkedHashMap<>();
        points.forEach((name, curve) -> curves.put(name, Curve.of(name, curve)));
        return new Metrics(curves, unreadable);
    }

    /** The curves by name, in the order in which the log first names them. */
    public Map<String, Curve> curves() {
        return curves;
    }

    /** The curve of a metric; empty if the log does not name it. */
    public Optional<Curve> curve(String name) {
        return Optional.ofNullable(curves.get(name));
    }

    /** Number of unreadable lines. */
    public int unreadableLines() {
        return unreadableLines;
    }

    private static boolean isTaken(String line, Map<String, SortedMap<Long, Double>> points) {
        try {
            JsonNode metrics = JSON.readTree(line);
            JsonNode step = metrics.path(STEP);
            if (!step.canConvertToLong() || !step.isIntegralNumber()) {
                return false;
            }
            metrics.properties().forEach(metric -> {
                if (!metric.getKey().equals(STEP)) {
                    double value =
                            metric.getValue().isNumber() ? metric.getValue().doubleValue() : Double.NaN;
                    points.computeIfAbsent(metric.getKey(), name -> new TreeMap<>())
                            .put(step.longValue(), Double.isFinite(value) ? value : Double.NaN);
                }
            });
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
