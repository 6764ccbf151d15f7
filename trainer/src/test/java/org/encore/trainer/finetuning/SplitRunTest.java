package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.model.transformer.LoraSettings;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.CheckpointChoice.Selection;
import org.encore.trainer.finetuning.ShardTask.Network;
import org.encore.trainer.kl.KlController;
import org.encore.trainer.kl.KlEstimator;
import org.encore.trainer.kl.KlPenalty;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.value.ValueNetwork.Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose tasks are done by hosts that know nothing but what they are sent has the bytes of one that does all itself. */
class SplitRunTest {
    @TempDir
    private Path runs;

    /** Some hosts in this process, each with networks of its own. */
    private static final class Hosts implements ShardCluster {
        private final int perTask;
        private final List<ShardHost> hosts = new ArrayList<>();
        private final Map<Network, Long> sent = new HashMap<>();
        private int moves;

        Hosts(int perTask) {
            this.perTask = perTask;
        }

        @Override
        public void open(Session session, Progress progress) {
            try {
                for (int i = 0; i < session.shards() / perTask; i++) {
                    ShardHost host = ShardHost.open(
                            session.settings(),
                            session.base(),
                            session.sha256(),
                            perTask,
                            () -> new PortableKernels(Precision.SINGLE));
                    assertEquals(session.probe(), host.probe());
                    hosts.add(host);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int shardsPerTask() {
            return perTask;
        }

        @Override
        public <R> List<Answer<R>> run(
                List<ShardTask<R>> tasks, Weights weights, Gradients gradients, IntConsumer finished) {
            List<Answer<R>> answers = new ArrayList<>();
            byte[] sum = null;
            tasks.get(0).reads().forEach(network -> send(network, weights));
            for (int i = 0; i < tasks.size(); i++) {
                // Any host may do any task.
                ShardHost host = hosts.get((i + moves) % hosts.size());
                ShardTask<R> task = tasks.get(i);
                answers.add(new Answer<>(host.run(task), null, "host " + i, 1.0));
                finished.accept(i);
                if (task.gradient().isPresent()) {
                    Network network = task.gradient().get();
                    for (int shard = 0; shard < perTask; shard++) {
                        byte[] own = host.gradient(network, shard, 0, host.trained(network));
                        if (sum == null) {
                            sum = own;
                        } else {
                            TrainedWeights.add(own, sum);
                        }
                    }
                    host.discard(network);
                }
            }
            moves++;
            if (sum != null) {
                gradients.write(tasks.get(0).gradient().orElseThrow(), 0, sum);
            }
            return answers;
        }

        /** In two pieces, if they have changed. */
        private void send(Network network, Weights weights) {
            long version = weights.version(network);
            if (sent.getOrDefault(network, 0L) == version) {
                return;
            }
            int half = weights.trained(network) / 2;
            byte[] first = weights.read(network, 0, half);
            byte[] second = weights.read(network, half, weights.trained(network) - half);
            for (ShardHost host : hosts) {
                host.write(network, 0, first);
                host.write(network, half, second);
            }
            sent.put(network, version);
        }

        @Override
        public Map<String, Double> metrics() {
            return Map.of("cluster/bytes_sent", 0.0);
        }

        @Override
        public void close() {
            hosts.forEach(ShardHost::close);
        }
    }

    private void split(Plan plan, int perTask, Path run) throws IOException {
        FineTuneSettings settings = plan.settings();
        RunDirectory directory = new RunDirectory(Files.createDirectories(run));
        RunContext context = new RunContext(directory, directory.lastCheckpoint(), Progress.none(), Clock.systemUTC());
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                FineTuning training = new FineTuning(
                        settings,
                        settings.checkpoint(),
                        context,
                        TinyWorld.codec(),
                        shards,
                        Optional.of(new Hosts(perTask)))) {
            training.run();
        }
    }

    private void assertSameBytes(Plan plan, int... perTask) throws IOException {
        Path whole = runs.resolve("whole");
        Rehearsal.whole(plan, whole);
        for (int shards : perTask) {
            Path split = runs.resolve("split-" + shards);
            split(plan, shards, split);
            assertEquals(
                    RunFiles.digests(whole.resolve("checkpoints")), RunFiles.digests(split.resolve("checkpoints")));
            assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(split));
            assertEquals(
                    Files.readString(whole.resolve("samples.jsonl")), Files.readString(split.resolve("samples.jsonl")));
            assertEquals(
                    Files.readString(whole.resolve("evaluation-before.json")),
                    Files.readString(split.resolve("evaluation-before.json")));
        }
    }

    /** Five prompts and four shards: some have more to do than others, and in the last update some have nothing. */
    @Test
    void itHasTheBytesOfOneProcess() throws IOException {
        Plan plan = new Plan()
                .steps(2)
                .compute(4, 2)
                .rollout(5, 1, 0.9)
                .policy(new ClippedSurrogate(0.2), 3e-3)
                .passes(2, 2)
                .evaluation(3, 3, 1, 1)
                .checkpointEvery(1);
        assertSameBytes(plan, 1, 2);
    }

    @Test
    void soWithAdaptersAndTheReferenceInTheReward() throws IOException {
        Plan plan = new Plan()
                .steps(2)
                .rollout(4, 1, 1.0)
                .kl(new KlPenalty.SampledInReward(KlEstimator.K3), new KlController.FixedCoefficient(0.1))
                .lora(LoraSettings.defaults());
        assertSameBytes(plan, 1);
    }

    /** The owner has one shard, and the reader learns as with those of the run. */
    @Test
    void soWithAReader() throws IOException {
        Plan plan = new Plan()
                .steps(2)
                .compute(4, 2)
                .guidance(1.5)
                .rollout(4, 2, 1.0)
                .advantages(new ValueBaseline(), AdvantageScale.WHITENED)
                .kl(new KlPenalty.SampledInReward(KlEstimator.K3), new KlController.FixedCoefficient(0.05))
                .network(new Reader(4, 3, 5, 3, 8, 2, 16, 2, 1e-2, Optional.empty()))
                .checkpointEvery(1);
        assertSameBytes(plan, 1, 2);
        assertTrue(
                RunFiles.digests(runs.resolve("split-2/checkpoints/step-2")).containsKey("value/reader.safetensors"),
                "there must be a reader");
    }

    /** What is measured while the run trains, and the model that is chosen. */
    @Test
    void soWithEvaluationsOnTheWay() throws IOException {
        Plan plan = new Plan().steps(2).checkpointEvery(1).chosen(1, new Selection("consonance", 4, 50.0, 0, false));
        assertSameBytes(plan, 1);
        assertEquals(
                RunFiles.digests(runs.resolve("whole/evaluations")),
                RunFiles.digests(runs.resolve("split-1/evaluations")));
        assertTrue(
                RunFiles.digests(runs.resolve("split-1/checkpoints")).keySet().stream()
                        .anyMatch(file -> file.startsWith("chosen/")),
                "a step must be chosen");
    }

    /** Remembers what it scores first, or fails at a sample that it is told. */
    private record Picky(String id, List<int[][]> seen, Optional<int[][]> forbidden) implements RewardModel {
        @Override
        public List<Score> score(List<Sample> batch) {
            for (Sample sample : batch) {
                int[][] codes = sample.codes().orElseThrow();
                seen.add(codes);
                if (forbidden.isPresent() && Arrays.deepEquals(forbidden.get(), codes)) {
                    throw new IllegalStateException("no such file");
                }
            }
            return batch.stream().map(sample -> Score.of(1.0, "always")).toList();
        }
    }

    private static Plan picky(List<int[][]> seen, Optional<int[][]> forbidden) {
        return new Plan()
                .steps(1)
                .evaluation(3, 2, 1, 1)
                .rewards(RewardEntry.of("picky", id -> new Picky(id, seen, forbidden)));
    }

    /** The second of the evaluation's samples is the first of the second of two hosts. */
    @Test
    void aRewardThatFailsElsewhereNamesHostAndSample() throws IOException {
        List<int[][]> seen = new ArrayList<>();
        Rehearsal.whole(picky(seen, Optional.empty()), runs.resolve("before"));
        RewardFailure failure = assertThrows(
                RewardFailure.class,
                () -> split(picky(new ArrayList<>(), Optional.of(seen.get(1))), 1, runs.resolve("run")));
        assertEquals("reward picky failed: no such file (host 1, sample 1)", failure.getMessage());
    }

    @Test
    void anotherCheckpointIsRefused() {
        InvalidFileException missing = assertThrows(
                InvalidFileException.class,
                () -> ShardHost.open(
                        new Plan().settings(),
                        runs.resolve("nowhere"),
                        "",
                        1,
                        () -> new PortableKernels(Precision.SINGLE)));
        assertTrue(missing.getMessage().contains("is missing here"), missing.getMessage());
        InvalidFileException other = assertThrows(
                InvalidFileException.class,
                () -> ShardHost.open(
                        new Plan().settings(), TinyWorld.base(), "0", 1, () -> new PortableKernels(Precision.SINGLE)));
        assertTrue(other.getMessage().contains("other weights here"), other.getMessage());
    }
}
