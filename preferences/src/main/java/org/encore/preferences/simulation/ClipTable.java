package org.encore.preferences.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.text.Prompt;

/**
 * What simulated raters found in each clip: how much of each taste, and what they think of it on average.
 *
 * <p>For studies of a simulation; no reward reads it.
 *
 * @param scores of each clip's file by the name of what was found
 */
public record ClipTable(Map<Path, Map<String, Double>> scores) {
    /** The file beside the votes, one clip a line. */
    public static final String FILE = "clips.jsonl";

    /** The name of the population's mean utility, in standard deviations. */
    public static final String UTILITY = "utility";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CLIP = "clip";

    /** Writes the table beside the votes. */
    void write(Path directory) throws IOException {
        AtomicFiles.write(directory.resolve(FILE), out -> {
            for (Map.Entry<Path, Map<String, Double>> entry : scores.entrySet()) {
                ObjectNode line = JSON.createObjectNode();
                line.put(CLIP, directory.relativize(entry.getKey()).toString());
                entry.getValue().forEach(line::put);
                out.write(JSON.writeValueAsBytes(line));
                out.write('\n');
            }
        });
    }

    /**
     * Reads a table.
     *
     * @throws InvalidFileException if a line is not as it must be
     */
    public static ClipTable read(Path file) throws IOException {
        Map<Path, Map<String, Double>> scores = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                JsonNode line = JSON.readTree(lines.get(i));
                if (!line.path(CLIP).isTextual()) {
                    throw new InvalidFileException(file, "line " + (i + 1) + ": names no " + CLIP);
                }
                Map<String, Double> found = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> entry : line.properties()) {
                    if (entry.getValue().isNumber()) {
                        found.put(entry.getKey(), entry.getValue().doubleValue());
                    }
                }
                scores.put(file.resolveSibling(line.path(CLIP).textValue()), found);
            } catch (JsonProcessingException e) {
                throw new InvalidFileException(file, "line " + (i + 1) + ": is not a JSON object", e);
            }
        }
        return new ClipTable(scores);
    }

    /** What was found, in the order of the first clip. */
    public List<String> names() {
        return scores.isEmpty()
                ? List.of()
                : new ArrayList<>(scores.values().iterator().next().keySet());
    }

    /**
     * What was found in a clip.
     *
     * @throws IllegalArgumentException if the table does not know it
     */
    public double score(Path clip, String name) {
        Double score = scores.getOrDefault(clip, Map.of()).get(name);
        if (score == null) {
            throw new IllegalArgumentException(
                    FILE + " has no " + name + " of " + clip + ": the votes and the table are not of one simulation");
        }
        return score;
    }

    /**
     * A clip that simulated raters compare.
     *
     * @param prompt what it was made for
     * @param promptNumber number of the prompt; clips of one prompt can be compared
     * @param system who made it
     * @param piece its notes
     */
    public record SimulatedClip(Prompt prompt, int promptNumber, String system, Piece piece) {}
}
