package org.encore.rewards.trained;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.rewards.networks.Network.Weight;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.TrainedReward;

/**
 * A learned reward on disk: {@code reward.json} (kind, format, settings, provenance, metrics), {@code
 * model.safetensors} in half precision, and its card {@code README.md}.
 */
public final class RewardDirectory {
    /** The file that makes a directory a reward. */
    public static final String DESCRIPTION = "reward.json";

    private static final String WEIGHTS = "model.safetensors";
    private static final String CARD = "README.md";
    private static final String METRICS = "metrics";
    /** The key of the metrics in older files, which are still read. */
    private static final String FORMER_METRICS = "figures";

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Path path;
    private final JsonNode root;

    private RewardDirectory(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /**
     * Writes a reward without metrics, atomically; replaces an existing directory.
     *
     * @return the directory, as {@link #open} has it
     */
    public static RewardDirectory write(Path target, TrainedReward reward) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("kind", reward.kind()).put("format", FORMAT).put("title", reward.title());
        root.set("settings", JSON.valueToTree(reward.settings()));
        root.set("provenance", JSON.valueToTree(reward.provenance()));
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F16);
        for (Weight weight : reward.weights()) {
            writer.add(weight.name(), weight.shape(), weight::values);
        }
        AtomicFiles.writeDirectory(target, directory -> {
            AtomicFiles.write(directory.resolve(DESCRIPTION), JSON.writeValueAsBytes(root));
            writer.write(directory.resolve(WEIGHTS));
        });
        return open(target);
    }

    /**
     * Opens a directory.
     *
     * @throws InvalidFileException if it is not a reward, or has another format
     */
    public static RewardDirectory open(Path path) {
        Path description = path.resolve(DESCRIPTION);
        if (!Files.isRegularFile(description)) {
            throw new InvalidFileException(
                    description, "there is no such file; a reward directory holds it beside " + WEIGHTS);
        }
        try {
            JsonNode root = JSON.readTree(description.toFile());
            if (!root.path("kind").isTextual() || !root.path("settings").isObject()) {
                throw new InvalidFileException(description, "names no kind or no settings, so it describes no reward");
            }
            int format = root.path("format").asInt(0);
            if (format != FORMAT) {
                throw new InvalidFileException(
                        description, "has the format " + format + ", but this Encore reads " + FORMAT);
            }
            return new RewardDirectory(path, root);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(description, "is not valid JSON: " + JsonProblems.of(e), e);
        } catch (IOException e) {
            throw new InvalidFileException(description, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its path. */
    public Path path() {
        return path;
    }

    /** The name of its {@link RewardKind}. */
    public String kind() {
        return root.get("kind").asText();
    }

    /**
     * Checks the kind.
     *
     * @throws InvalidFileException if the reward is of another kind
     */
    public void requireKind(String kind) {
        if (!kind().equals(kind)) {
            throw new InvalidFileException(
                    path, "holds a reward of the kind " + kind() + ", but " + kind + " is needed");
        }
    }

    /**
     * The settings of the reward.
     *
     * @throws InvalidFileException if they are not settings of this type
     */
    public <T extends Record> T settings(Class<T> type) {
        try {
            return JSON.treeToValue(root.get("settings"), type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String message = e instanceof JsonProcessingException json ? JsonProblems.of(json) : e.getMessage();
            throw new InvalidFileException(
                    path.resolve(DESCRIPTION), "its settings are not as they must be: " + message, e);
        }
    }

    /**
     * The weights.
     *
     * @throws InvalidFileException if the file of weights is missing or damaged
     */
    public List<Weight> weights() throws IOException {
        List<Weight> weights = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(path.resolve(WEIGHTS))) {
            for (String name : file.names()) {
                weights.add(new Weight(name, file.entry(name).shape(), file.floats(name)));
            }
        }
        return weights;
    }

    /** The metrics of the last measurement; a missing node before the first. */
    public JsonNode metrics() {
        return root.path(root.has(METRICS) ? METRICS : FORMER_METRICS);
    }

    /** Adds the metrics of a report to {@code reward.json}, and writes the card. */
    public void record(RewardReport report) throws IOException {
        ObjectNode changed = root.deepCopy();
        changed.remove(FORMER_METRICS);
        changed.set(METRICS, JSON.valueToTree(report.metrics()));
        AtomicFiles.write(path.resolve(CARD), card(report).getBytes(StandardCharsets.UTF_8));
        AtomicFiles.write(path.resolve(DESCRIPTION), JSON.writeValueAsBytes(changed));
    }

    private String card(RewardReport report) {
        StringBuilder card = new StringBuilder("# " + root.path("title").asText() + "\n\n| made from | |\n|---|---|\n");
        root.path("provenance").properties().forEach(entry -> card.append("| ")
                .append(entry.getKey().replace('_', ' '))
                .append(" | ")
                .append(entry.getValue().asText())
                .append(" |\n"));
        card.append("\nMeasured on these weights, which are stored in half precision, by\n\n```\n")
                .append("./encore rewards evaluate ")
                .append(path.isAbsolute() ? path.getFileName() : path.toString().replace(File.separatorChar, '/'))
                .append("\n```\n\n");
        return card.append(report.table().stripTrailing()).append('\n').toString();
    }
}
