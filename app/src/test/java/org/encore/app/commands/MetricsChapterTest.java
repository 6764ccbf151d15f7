package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.encore.app.Invocation;
import org.encore.app.report.StudyTables.DocumentSection;
import org.encore.run.MetricCatalogue;
import org.encore.run.MetricCatalogue.Group;
import org.encore.run.MetricCatalogue.Metric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs write the metrics of the catalogue and no others, and docs/metrics.md lists them. With {@code -Dencore.docs=write} the
 * tables of the page are written instead.
 */
class MetricsChapterTest {
    private static final Path CHAPTER = Path.of("..", "docs", "metrics.md");
    private static final DocumentSection TABLES = new DocumentSection("metrics");
    private static final Set<String> REWARDS = Set.of("note-density", "audio-quality");

    /** Written only by a run that over-optimises, or on études, which these need not. */
    private static final Set<String> RARE = Set.of("evaluation.over_optimisation", "adherence_unseen");

    @TempDir
    private Path directory;

    private final Set<Metric> written = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> unknown = new TreeSet<>();

    @BeforeEach
    void forget() {
        written.clear();
        unknown.clear();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    /** Notes what was written; a reward's name stands for a reward only if it is one. */
    private void note(String where, JsonNode tree, String prefix, Group... groups) {
        tree.fieldNames().forEachRemaining(field -> {
            String name = prefix + field;
            List<Metric> found = MetricCatalogue.find(name, List.of(groups))
                    .filter(metric -> !metric.name().equals("<reward>") || REWARDS.contains(name))
                    .stream()
                    .toList();
            written.addAll(found);
            if (found.isEmpty()) {
                unknown.add(where + ": " + name);
            }
        });
    }

    private void noteSteps(Path run, Group... groups) throws IOException {
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode tree = new ObjectMapper().readTree(line);
            ((ObjectNode) tree).remove("step");
            note("metrics.jsonl", tree, "", groups);
        }
    }

    private void noteTraining(Path run) throws IOException {
        noteSteps(run, Group.SCORES, Group.POLICY, Group.UPDATES, Group.PROGRESS, Group.PROFILE, Group.DURING);
        for (String line : Files.readAllLines(run.resolve("samples.jsonl"))) {
            JsonNode tree = new ObjectMapper().readTree(line);
            assertFalse(tree.path("prompt").asText().isBlank(), line);
            note("samples.jsonl", tree.path("confounders"), "", Group.SAMPLES, Group.HELD_OUT);
            note("samples.jsonl", tree.path("referee"), "", Group.HELD_OUT);
        }
        noteSummary(run);
        JsonNode evaluation = json(run.resolve("summary.json")).path("evaluation");
        note("evaluation", evaluation, "evaluation.", Group.SUMMARY);
        note("evaluation.before", evaluation.path("before"), "", Group.HELD_OUT);
    }

    private void noteSummary(Path run) throws IOException {
        ObjectNode summary = (ObjectNode) json(run.resolve("summary.json"));
        summary.remove("evaluation");
        if (summary.remove("held_out_loss") != null) {
            note("summary.json", new ObjectMapper().createObjectNode().put("held_out_loss", 0), "", Group.HELD_OUT);
        }
        note("summary.json", summary, "", Group.SUMMARY);
    }

    private Path run(String name, String command, Path config, String... overrides) {
        Path run = directory.resolve(name);
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of(config.toString(), "--run-dir", run.toString()));
        for (String override : overrides) {
            arguments.addAll(List.of("--set", override));
        }
        Invocation made = Invocation.here(arguments.toArray(String[]::new));
        assertEquals(0, made.status(), made.err());
        return run;
    }

    private Path chorales() throws IOException {
        String piece = "[" + "[60, 55, 50, 40], ".repeat(7) + "[60, 55, 50, 40]]";
        Path file = Files.writeString(
                directory.resolve("chorales.json"),
                "{\"train\": [P, P], \"valid\": [P], \"test\": [P]}".replace("P", piece));
        return Files.writeString(
                directory.resolve("chorales.yaml"),
                """
                corpus: {kind: chorales, file: FILE, seed: 1, farthestShift: 0}
                model: {width: 16, layers: 1, heads: 2, feedForward: 32, maxFrames: 16, text: }
                training: {steps: 1, batch: 2}
                evaluation: {pieces: 1, samples: 0}
                """
                        .replace("FILE", file.toString()));
    }

    private Path sound() throws IOException {
        Path model = directory.resolve("sounding");
        Invocation made = Invocation.here("init", "musicgen", model.toString(), "--size", "tiny", "--layers", "1");
        assertEquals(0, made.status(), made.err());
        return Files.writeString(
                directory.resolve("sound.yaml"),
                """
                checkpoint: MODEL
                corpus: {kind: etudes, sound: {clipSeconds: 0.5, cache: MODEL/codes}}
                iterations: 1
                rollout: {promptsPerIteration: 2, maxFrames: 25, batch: 2}
                rewards: [{kind: audio-quality, model: HOME/checkpoints/rewards/quality}]
                evaluation: {prompts: 2, pieces: 2, samples: 0, maxFrames: 25}
                """
                        .replace("MODEL", model.toString())
                        .replace("HOME", Invocation.home().toString()));
    }

    private Path codec() throws IOException {
        return Files.writeString(
                directory.resolve("codec.yaml"),
                """
                codec: {sampleRate: 8000, ratios: [4, 4], filters: 2, hidden: 4, codebooks: 2, codebookSize: 8}
                sound: [{kind: etudes, pieces: 1}]
                losses: {spectra: {windows: [64]}}
                codebooks: {warmupSteps: 0}
                training: {steps: 1, batch: 2, clipSeconds: 0.1}
                evaluation: {clips: 1, samples: 1, finalClips: 1, finalSeconds: 1}
                """);
    }

    private Path preferences() throws IOException {
        Path pairs = directory.resolve("pairs");
        Path simulation = Files.writeString(
                directory.resolve("simulate.yaml"),
                """
                clips:
                  checkpoints: [HOME/checkpoints/etudes-small]
                  prompts: {part: held-out, first: 7, count: 6}
                  clipsPerPrompt: 2
                  maxFrames: 24
                votes: {pairs: 60, heldOutShare: 0.5, agreement: 0.7}
                """
                        .replace("HOME", Invocation.home().toString()));
        Invocation made = Invocation.here("preferences", "simulate", simulation.toString(), "--out", pairs.toString());
        assertEquals(0, made.status(), made.err());
        return Files.writeString(
                directory.resolve("preferences.yaml"),
                """
                pairs: {train: PAIRS/train.jsonl, heldOut: PAIRS/held-out.jsonl}
                learner:
                  kind: network
                  checkpoint: HOME/checkpoints/etudes-small
                  training: {steps: 1, batch: 16}
                  every: 1
                """
                        .replace("PAIRS", pairs.toString())
                        .replace("HOME", Invocation.home().toString()));
    }

    @Test
    void runsWriteTheMetricsOfTheCatalogueAndNoOthers() throws IOException {
        Path config = TinyWorld.training(directory, TinyWorld.base(), 2);
        noteTraining(run(
                "learned-value",
                "train",
                config,
                "rewards=[{kind: note-density, normaliser: {kind: running}}, {kind: consonance}, {kind: audio-quality, model: "
                        + Invocation.home().resolve("checkpoints/rewards/quality") + "}]",
                "value.network={kind: reader, warmupSamples: 4, warmupEpochs: 1, prefixEvery: 8}",
                "evaluation.profile={every: 1, pieces: 2, onset: 1, length: 6}"));
        noteTraining(run(
                "exact",
                "train",
                config,
                "advantages.estimator={kind: leave-one-out}",
                "rollout.samplesPerPrompt=2",
                "evaluation.every=1",
                "selection.prompts=4",
                "kl={penalty: {kind: exact-in-loss}, controller: {kind: fixed-coefficient, coefficient: 0.1}}"));
        noteTraining(run("sound", "train", sound()));
        for (Path run : List.of(TinyWorld.base().getParent(), run("chorales", "pretrain", chorales()))) {
            noteSteps(run, Group.UPDATES, Group.PROGRESS, Group.PRETRAINING);
            noteSummary(run);
        }
        Path codec = run("codec", "pretrain", codec());
        noteSteps(codec, Group.CODEC, Group.PRETRAINING, Group.UPDATES, Group.PROGRESS);
        noteSummary(codec);
        noteSteps(
                run("preferences", "preferences train", preferences()),
                Group.PREFERENCES,
                Group.PRETRAINING,
                Group.UPDATES);
        assertEquals(Set.of(), unknown, "written, but not in the catalogue");
        Set<String> never = new TreeSet<>();
        MetricCatalogue.all().stream()
                // The tests of the module cluster look after its own.
                .filter(metric -> metric.group() != Group.CLUSTER)
                .filter(metric -> !written.contains(metric) && !RARE.contains(metric.name()))
                .forEach(metric -> never.add(metric.name()));
        assertEquals(Set.of(), never, "in the catalogue, but never written");
    }

    @Test
    void thePageHasTheTablesOfTheCatalogue() throws IOException {
        if ("write".equals(System.getProperty("encore.docs"))) {
            TABLES.replace(CHAPTER, tables());
        }
        assertEquals(
                tables(),
                TABLES.read(CHAPTER),
                CHAPTER + " differs from MetricCatalogue; write it anew with -Dtest=MetricsChapterTest"
                        + " -Dencore.docs=write");
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            text.append("## ")
                    .append(group.title())
                    .append("\n\nWritten by ")
                    .append(group.writers())
                    .append(".\n\n");
            text.append("| name | better | unit | definition | elsewhere |\n|---|---|---|---|---|\n");
            for (Metric metric : MetricCatalogue.all()) {
                if (metric.group() == group) {
                    text.append(String.join(
                            " | ",
                            "| `" + metric.name() + "`",
                            sign(metric),
                            metric.unit(),
                            metric.definition(),
                            metric.elsewhere() + " |\n"));
                }
            }
            text.append('\n');
        }
        return text.toString().strip();
    }

    private static String sign(Metric metric) {
        return switch (metric.better()) {
            case HIGHER -> "↑";
            case LOWER -> "↓";
            case NEITHER -> "·";
        };
    }
}
