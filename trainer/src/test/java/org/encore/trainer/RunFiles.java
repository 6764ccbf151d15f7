package org.encore.trainer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.encore.base.files.Manifest;

/** What a run wrote, in forms that can be compared. */
public final class RunFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunFiles() {}

    /** The SHA-256 of every file below a directory, by its relative path. */
    public static Map<String, String> digests(Path directory) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                digests.put(directory.relativize(file).toString(), Manifest.sha256(file));
            }
        }
        return digests;
    }

    /** The lines of {@code metrics.jsonl}. */
    public static List<Map<String, Object>> metrics(Path run) throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            lines.add(JSON.readValue(line, new TypeReference<LinkedHashMap<String, Object>>() {}));
        }
        return lines;
    }

    /** The same without what depends on the clock. */
    public static List<Map<String, Object>> timelessMetrics(Path run) throws IOException {
        List<Map<String, Object>> lines = metrics(run);
        for (Map<String, Object> line : lines) {
            line.keySet()
                    .removeIf(name ->
                            name.startsWith("timing_s/") || name.startsWith("perf/") || name.startsWith("cluster/"));
        }
        return lines;
    }
}
