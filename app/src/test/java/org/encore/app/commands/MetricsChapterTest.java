package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.app.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes down stands in docs/metrics.md. */
class MetricsChapterTest {
    private static final Path CHAPTER = Path.of("..", "docs", "metrics.md");
    private static final String REWARD = "note-density";

    @TempDir
    private Path directory;

    private static Set<String> described() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("`([^`\\s]+)`").matcher(Files.readString(CHAPTER));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static Set<String> written(Path run) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            new ObjectMapper().readTree(line).fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    private static Set<String> missing(Set<String> names) throws IOException {
        Set<String> missing = new TreeSet<>();
        names.forEach(name -> missing.add(name.replace(REWARD, "<id>")));
        missing.removeAll(described());
        return missing;
    }

    private Path trained(String name, String... overrides) throws IOException {
        Path config = TinyWorld.training(directory, TinyWorld.base(), 2);
        Path run = directory.resolve(name);
        List<String> arguments = new ArrayList<>(List.of("train", config.toString(), "--run-dir", run.toString()));
        for (String override : overrides) {
            arguments.addAll(List.of("--set", override));
        }
        Invocation made = Invocation.here(arguments.toArray(String[]::new));
        assertEquals(0, made.status(), made.err());
        return run;
    }

    @Test
    void everyMetricIsDescribed() throws IOException {
        Path learnedValue = trained("learned-value");
        Path exact = trained(
                "exact",
                "advantages.estimator={kind: leave-one-out}",
                "rollout.samplesPerPrompt=2",
                "kl={penalty: {kind: exact-in-loss}, controller: {kind: fixed-coefficient, coefficient: 0.1}}");
        for (Path run : List.of(learnedValue, exact, TinyWorld.base().getParent())) {
            Set<String> names = written(run);
            assertTrue(names.size() > 5, names::toString);
            assertEquals(Set.of(), missing(names), run.getFileName()::toString);
        }
        assertTrue(written(learnedValue).contains("val/explained_variance"));
        assertTrue(written(exact).contains("kl/exact"));
        JsonNode before = new ObjectMapper().readTree(Files.readAllBytes(learnedValue.resolve("summary.json")));
        Set<String> metrics = new TreeSet<>();
        before.path("evaluation").path("before").fieldNames().forEachRemaining(name -> {
            if (!name.startsWith("adherence/")) {
                metrics.add(name);
            }
        });
        assertTrue(metrics.size() > 5, metrics::toString);
        metrics.remove(REWARD);
        assertEquals(Set.of(), missing(metrics));
    }
}
