package org.encore.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.encore.app.Encore;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import org.encore.base.files.Manifest;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.run.MetricCatalogue;
import org.encore.run.MetricCatalogue.Group;
import org.encore.run.MetricCatalogue.Metric;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.FineTuning;
import org.encore.trainer.finetuning.ShardCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with a value network and both learned rewards has the bytes of one process, whatever dies meanwhile. */
class ClusterRunTest {
    private static final int ITERATIONS = 2;
    private static final int SHARDS = 2;
    private static final int EXECUTORS = 2;
    private static final long PATIENCE_S = 120;

    @TempDir
    private static Path world;

    private static Path configuration;
    private static Path whole;

    @TempDir
    private Path run;

    @BeforeAll
    static void once() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        configuration = world.resolve("run.yaml");
        Files.writeString(
                configuration,
                String.join(
                        "\n",
                        "extends: " + root.resolve("configs/quickstart.yaml"),
                        "checkpoint: " + root.resolve("checkpoints/etudes-captions"),
                        "iterations: " + ITERATIONS,
                        "rollout: {promptsPerIteration: 4, samplesPerPrompt: 1, maxFrames: 48, batch: 4}",
                        "advantages: {estimator: {kind: value-baseline}}",
                        "rewards:",
                        "  - {kind: text-adherence, model: " + root.resolve("checkpoints/rewards/adherence") + "}",
                        "  - {kind: audio-quality, model: " + root.resolve("checkpoints/rewards/quality") + "}",
                        "evaluation: {prompts: 3, pieces: 4, samplesEvery: 1, samples: 1, checkpointEvery: 1, profile: {every: 0}}",
                        "compute: {shards: " + SHARDS + ", microBatch: 2}"));
        whole = Files.createDirectories(world.resolve("whole"));
        train(whole, Optional.empty());
    }

    private static void train(Path directory, Optional<ShardCluster> cluster) throws IOException {
        FineTuneSettings settings = new ConfigReader().read(configuration, List.of(), FineTuneSettings.class);
        RunDirectory files = new RunDirectory(directory);
        RunContext context = new RunContext(files, files.lastCheckpoint(), Progress.none(), Clock.systemUTC());
        int count = cluster.isPresent() ? 1 : settings.compute().shards();
        try (ShardCluster started = cluster.orElse(null);
                Shards shards = Machine.shards(count);
                FineTuning training = new FineTuning(
                        settings,
                        settings.checkpoint(),
                        context,
                        Machine.codec(settings.corpus(), Optional.empty(), shards),
                        shards,
                        cluster)) {
            training.run();
        }
    }

    private static Optional<ShardCluster> started(String master, Map<String, String> properties) {
        return Optional.of(new SparkProvider().start(new ShardCluster.Options(master, properties, false)));
    }

    private static void assertSameBytes(Path expected, Path actual) throws IOException {
        assertEquals(digests(expected.resolve("checkpoints")), digests(actual.resolve("checkpoints")));
        assertEquals(digests(expected.resolve("samples")), digests(actual.resolve("samples")));
        for (String name : List.of("samples.jsonl", "evaluation-before.json")) {
            assertEquals(Files.readString(expected.resolve(name)), Files.readString(actual.resolve(name)), name);
        }
        assertEquals(metrics(expected, false), metrics(actual, false));
    }

    private static Map<String, String> digests(Path directory) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                digests.put(directory.relativize(file).toString(), Manifest.sha256(file));
            }
        }
        assertTrue(!digests.isEmpty(), "nothing to compare in " + directory);
        return digests;
    }

    /** The metrics of each iteration: those of the cluster, or those that depend on neither cluster nor clock. */
    private static List<Map<String, Object>> metrics(Path directory, boolean ofCluster) throws IOException {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
            Map<String, Object> metrics =
                    new ObjectMapper().readValue(line, new TypeReference<LinkedHashMap<String, Object>>() {});
            metrics.keySet()
                    .removeIf(name -> ofCluster
                            ? !name.startsWith("cluster/")
                            : name.startsWith("cluster/") || name.startsWith("timing_s/") || name.startsWith("perf/"));
            lines.add(metrics);
        }
        return lines;
    }

    private static double sum(Path directory, String metric) throws IOException {
        return metrics(directory, true).stream()
                .mapToDouble(each -> ((Number) each.get(metric)).doubleValue())
                .sum();
    }

    /** Trained weights of policy and value network. */
    private static long trained() throws IOException {
        ModelConfig config =
                CheckpointInfo.of(Path.of("../checkpoints/etudes-captions")).config();
        return Stream.of(config, config.withHead(ModelConfig.Head.SCALAR))
                .flatMap(each -> ParameterLayout.of(each).ranges().stream())
                .filter(range -> range.part() != ParameterLayout.Part.TEXT_ENCODER)
                .mapToLong(ParameterLayout.Range::size)
                .sum();
    }

    /** The arithmetic of docs/cluster.md. */
    private static void assertArithmetic(double bytes, Map<String, Object> metrics, String name) {
        assertEquals(bytes, ((Number) metrics.get(name)).doubleValue(), 0.05 * bytes, name);
    }

    @Test
    void twoExecutorsGiveTheBytesOfOneProcess() throws IOException {
        train(run, started("local-cluster[2,1,1024]", Map.of()));
        assertSameBytes(whole, run);
        assertEquals(0.0, sum(run, "cluster/executors_lost"), 0.0);
        assertEquals(0.0, sum(run, "cluster/shuffled_bytes"), 0.0);
        Map<String, Object> second = metrics(run, true).get(1);
        assertArithmetic(4.0 * trained() * EXECUTORS, second, "cluster/weights_bytes");
        assertArithmetic(4.0 * trained() * SHARDS, second, "cluster/results_bytes");
        Set<String> written = new TreeSet<>();
        metrics(run, true).forEach(each -> written.addAll(each.keySet()));
        for (Metric metric : MetricCatalogue.all()) {
            assertTrue(
                    metric.group() != Group.CLUSTER || written.removeIf(metric::covers),
                    metric.name() + " is in the catalogue, but not written");
        }
        assertEquals(Set.of(), written, "written, but not in the catalogue");
    }

    /** Gradients travel in chunks, which the executors add up; one dies over rollouts, another over gradients. */
    @Test
    void executorsThatAreKilledChangeNothing() throws IOException {
        Map<String, String> properties = Map.of(
                "spark.extraListeners",
                Killer.class.getName(),
                SparkSettings.COLLECT_BYTES,
                "1",
                SparkSettings.CHUNK_BYTES,
                "1m");
        train(run, started("local-cluster[2,1,1024]", properties));
        assertEquals(List.of("rollouts", "policy"), Killer.KILLED);
        assertSameBytes(whole, run);
        assertTrue(sum(run, "cluster/executors_lost") >= 2.0, "two executors must have been lost");
        assertTrue(sum(run, "cluster/shuffled_bytes") > 0.0, "gradients must have met on executors");
    }

    /** The driver dies after an iteration with its executors; another goes on, with another number of executors. */
    @Test
    void aDriverThatIsKilledIsResumed() throws IOException, InterruptedException {
        Path child = run.resolve("run");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(each -> each.startsWith("--add") || each.startsWith("-XX") || each.startsWith("-D"))
                .filter(each -> !each.contains("surefire") && !each.contains("MaxHeap"))
                .forEach(command::add);
        command.addAll(List.of(Encore.class.getName(), "train", configuration.toString()));
        command.addAll(List.of("--run-dir", child.toString(), "--cluster", "local-cluster[2,1,1024]"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        File log = run.resolve("log").toFile();
        Process driver = builder.redirectErrorStream(true).redirectOutput(log).start();
        Path first = child.resolve("checkpoints/step-1/manifest.json");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!Files.exists(first)) {
            assertTrue(driver.isAlive() && System.nanoTime() < deadline, () -> "no checkpoint: " + read(log));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        driver.destroyForcibly().waitFor();
        assertTrue(!Files.exists(child.resolve("checkpoints/step-2")), "it was killed too late to show anything");
        train(child, started("local-cluster[1,2,1024]", Map.of(SparkSettings.COLLECT_BYTES, "1")));
        assertSameBytes(whole, child);
        Map<String, Object> second = metrics(child, true).get(1);
        assertArithmetic(4.0 * trained(), second, "cluster/weights_bytes");
        assertArithmetic(4.0 * trained(), second, "cluster/results_bytes");
        assertArithmetic(4.0 * trained() * SHARDS, second, "cluster/shuffled_bytes");
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
