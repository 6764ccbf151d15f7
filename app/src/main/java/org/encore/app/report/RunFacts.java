package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.encore.app.report.Differences.Row;
import org.encore.app.report.Differences.Verdict;
import org.encore.app.report.Html.Numerals;
import org.encore.run.RunDirectory;

/**
 * What a run was and what came of it, read from its files; a file that is missing or broken leaves its facts out.
 *
 * @param name the name of its directory
 * @param summary {@code summary.json}
 * @param config {@code config.yaml}
 * @param provenance {@code provenance.json}
 */
record RunFacts(String name, JsonNode summary, JsonNode config, JsonNode provenance) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int MOST_NAMED = 4;

    /** Reads the files of a run. */
    static RunFacts read(RunDirectory run) throws IOException {
        return read(run, Optional.empty());
    }

    /**
     * Reads the files of a run.
     *
     * @param summary instead of that of the file
     */
    static RunFacts read(RunDirectory run, Optional<JsonNode> summary) throws IOException {
        return new RunFacts(
                run.path().toAbsolutePath().normalize().getFileName().toString(),
                summary.isPresent() ? summary.get() : tree(JSON, run.path().resolve("summary.json")),
                tree(YAML, run.config()),
                tree(JSON, run.provenance()));
    }

    private static JsonNode tree(ObjectMapper format, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            // From a text, so that bytes that are no UTF-8 break nothing.
            JsonNode tree = format.readTree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            return tree != null && tree.isObject() ? tree : MissingNode.getInstance();
        } catch (JsonProcessingException unreadable) {
            return MissingNode.getInstance();
        }
    }

    /** Ids of the rewards with a weight above 0. */
    List<String> rewarded() {
        return StreamSupport.stream(config.path("rewards").spliterator(), false)
                .filter(reward -> reward.path("weight").asDouble(1.0) > 0.0)
                .map(reward -> reward.path("id").asText(reward.path("kind").asText("")))
                .filter(id -> !id.isEmpty())
                .toList();
    }

    /** The evaluation's differences; without rows if there is none. */
    Differences differences() {
        return Differences.of(summary.path("evaluation"), rewarded());
    }

    /** The model that the run began with, as the user named it. */
    Optional<String> base() {
        return Optional.of(config.path("checkpoint").asText(""))
                .filter(text -> !text.isBlank())
                .or(() -> Optional.of(config.path("learner").path("checkpoint").asText(""))
                        .filter(text -> !text.isBlank()));
    }

    /** The values of the configuration by their paths, numbers and truth values as such. */
    Map<String, Object> hyperparameters() {
        Map<String, Object> values = new LinkedHashMap<>();
        collect("", config, values);
        return values;
    }

    private static void collect(String path, JsonNode node, Map<String, Object> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            collect(path + (path.isEmpty() ? "" : ".") + entry.getKey(), entry.getValue(), values));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(path + "." + i, node.get(i), values);
            }
        } else if (node.isNumber()) {
            values.put(path, node.doubleValue());
        } else if (node.isBoolean()) {
            values.put(path, node.booleanValue());
        } else if (node.isTextual()) {
            values.put(path, node.asText());
        }
    }

    /** When it began, for people; empty if it is not known. */
    Optional<String> date() {
        try {
            return Optional.of(
                    DATE.format(Instant.parse(provenance.path("started_at").asText(""))));
        } catch (DateTimeParseException unknown) {
            return Optional.empty();
        }
    }

    /** The first sentence of the page: what was rewarded, what changed, how far from the base, what got worse. */
    String story() {
        if (!summary.isObject()) {
            return "This run has not ended: what it learned is not measured yet.";
        }
        Differences differences = differences();
        List<Row> rewards = differences.ofKind(Differences.Kind.REWARDED);
        if (rewards.isEmpty()) {
            return otherStory();
        }
        StringBuilder text = new StringBuilder("Rewarded for ")
                .append(rewards.stream().map(Row::metric).collect(Collectors.joining(" and ")));
        long iterations = summary.path("iterations").asLong();
        if (iterations > 0) {
            text.append(" over ").append(iterations).append(iterations == 1 ? " iteration" : " iterations");
        }
        text.append(rewards.size() == 1 ? ", the model's score " : ", of the model ")
                .append(rewards.stream()
                        .map(row -> (rewards.size() == 1 ? "" : row.metric() + " ") + told(row))
                        .collect(Collectors.joining(", ")));
        int prompts = summary.path("evaluation").path("prompts").asInt();
        if (prompts > 0) {
            text.append(" on ").append(prompts).append(" held-out prompts");
        }
        JsonNode kl = summary.path("evaluation").path("kl_per_token");
        if (kl.isNumber()) {
            text.append(", at a KL of ").append(Numerals.brief(kl.asDouble())).append(" nats a code from its base");
        }
        return text.append("; ").append(sideEffects(differences)).append('.').toString();
    }

    private static String told(Row reward) {
        String verb = !reward.verdict().isClear()
                ? "did not clearly change, going"
                : reward.change().value() > 0.0 ? "rose" : "fell";
        return verb + " from " + Numerals.brief(reward.before()) + " to " + Numerals.brief(reward.after()) + " ("
                + reward.text() + ")";
    }

    private static String sideEffects(Differences differences) {
        List<String> parts = new ArrayList<>();
        List<Row> worse = differences.unrewarded(Verdict.WORSE);
        parts.add(worse.isEmpty() ? "nothing measured got clearly worse" : "worse: " + named(worse));
        List<Row> changed = differences.unrewarded(Verdict.CHANGED);
        if (!changed.isEmpty()) {
            parts.add("changed: " + named(changed));
        }
        return String.join("; ", parts);
    }

    private static String named(List<Row> rows) {
        String all = rows.stream()
                .limit(MOST_NAMED)
                .map(row -> row.metric() + " " + row.shown(row.change().value()))
                .collect(Collectors.joining(", "));
        return rows.size() > MOST_NAMED ? all + " and " + (rows.size() - MOST_NAMED) + " more" : all;
    }

    /** Of runs that reward nothing: how long, and what was measured at the end. */
    private String otherStory() {
        long steps = summary.path("steps").asLong(summary.path("iterations").asLong());
        StringBuilder text = new StringBuilder("Trained for ").append(steps).append(steps == 1 ? " step" : " steps");
        JsonNode loss = summary.path("held_out_loss");
        JsonNode accuracy = summary.path("held_out").path("accuracy");
        if (loss.isNumber()) {
            text.append(": the loss on held-out pieces is ")
                    .append(Numerals.of(loss.asDouble()))
                    .append(" nats a code");
        } else if (accuracy.isNumber() || accuracy.path("value").isNumber()) {
            text.append(": it predicts ")
                    .append(Numerals.of(100.0 * accuracy.path("value").asDouble(accuracy.asDouble())))
                    .append(" % of held-out votes");
        } else if (summary.path("codec").path("log_mel_distance").isNumber()) {
            JsonNode codec = summary.path("codec");
            text.append(": decoded held-out sound is ")
                    .append(Numerals.of(codec.path("log_mel_distance").asDouble()))
                    .append(" dB from the original in mel spectra, silence ")
                    .append(Numerals.of(
                            codec.path("silence").path("log_mel_distance").asDouble()))
                    .append(" dB");
        }
        return text.append('.').toString();
    }
}
