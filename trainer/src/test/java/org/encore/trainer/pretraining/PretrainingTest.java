package org.encore.trainer.pretraining;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainingTest {
    private static final int STEPS = 8;

    @TempDir
    private static Path home;

    private static Path whole;
    private static Pretraining.Result result;

    @TempDir
    private Path run;

    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void once() throws IOException {
        whole = home.resolve("run");
        result = generate(TinyWorld.pretraining(STEPS, 1), whole, 2, Progress.none());
    }

    /** Resumes from the last checkpoint, if there is one. */
    private static Pretraining.Result generate(PretrainSettings settings, Path run, int threads, Progress progress)
            throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(run));
        RunContext context = new RunContext(directory, directory.lastCheckpoint(), progress, Clock.systemUTC());
        try (Shards shards = new Shards(2, threads, () -> new PortableKernels(Precision.SINGLE));
                Pretraining training =
                        new Pretraining(settings, settings.checkpoint(), context, TinyWorld.codec(), shards)) {
            return training.run();
        }
    }

    private static Map<String, String> last(Path run) throws IOException {
        return RunFiles.digests(run.resolve("checkpoints/step-" + STEPS));
    }

    private static PretrainSettings looking(int every, int pieces, int checkpointEvery, int samples) {
        PretrainSettings s = TinyWorld.pretraining(STEPS, 1);
        return new PretrainSettings(
                s.seed(),
                s.corpus(),
                s.model(),
                s.training(),
                new PretrainSettings.Evaluation(every, pieces, checkpointEvery, samples, 0, 0.0),
                s.compute());
    }

    @Test
    void theLossFalls() throws IOException {
        List<Map<String, Object>> lines = RunFiles.metrics(whole);
        assertEquals(STEPS + 1, lines.size());
        double start = (double) lines.get(0).get("loss/held_out");
        // A model that knows nothing is as good as chance, ln 441 = 6.09.
        assertEquals(6.09, start, 0.3);
        assertTrue(result.heldOutLoss() < start - 0.2, start + " became " + result.heldOutLoss());
        assertEquals(result.heldOutLoss(), (double) lines.get(STEPS).get("loss/held_out"), 0.0);
        assertEquals(STEPS, result.steps());
        assertEquals(whole.resolve("checkpoints/step-" + STEPS), result.checkpoint());
    }

    /** A model that is there keeps its sizes, words and weights, and learns on. */
    @Test
    void goesOnFromACheckpoint() throws IOException {
        PretrainSettings s = TinyWorld.pretraining(2, 1);
        ModelSettings ignored = new ModelSettings(8, 2, 1, 8, 16, Optional.empty());
        PretrainSettings settings = new PretrainSettings(
                s.seed(),
                Optional.of(whole.resolve("checkpoints/step-" + STEPS)),
                s.corpus(),
                ignored,
                s.training(),
                s.evaluation(),
                s.compute());
        Pretraining.Result learned = generate(settings, run, 2, Progress.none());
        List<Map<String, Object>> lines = RunFiles.metrics(run);
        assertEquals(result.heldOutLoss(), (double) lines.get(0).get("loss/held_out"), 0.0);
        assertNotEquals(result.heldOutLoss(), learned.heldOutLoss());
        assertEquals(
                ModelDirectory.config(whole.resolve("checkpoints/step-" + STEPS)),
                ModelDirectory.config(learned.checkpoint()));
        assertEquals(
                RunFiles.digests(whole.resolve("checkpoints/step-" + STEPS)).get(TextTokenizer.FILE),
                RunFiles.digests(learned.checkpoint()).get(TextTokenizer.FILE));
    }

    /** Pieces without captions: no text encoder, no tokenizer, and the checkpoint says so. */
    @Test
    void aModelWithoutTextLearnsToo() throws IOException {
        PretrainSettings s = TinyWorld.pretraining(STEPS, 1);
        ModelSettings m = s.model();
        ModelSettings silent =
                new ModelSettings(m.width(), m.layers(), m.heads(), m.feedForward(), m.maxFrames(), Optional.empty());
        PretrainSettings settings = new PretrainSettings(
                s.seed(),
                s.corpus(),
                silent,
                s.training(),
                new PretrainSettings.Evaluation(STEPS, 3, 4, 1, 0, 0.0),
                s.compute());
        Pretraining.Result learned = generate(settings, run, 2, Progress.none());
        assertTrue(learned.heldOutLoss() < 6.0, "loss " + learned.heldOutLoss());
        assertTrue(Files.notExists(learned.checkpoint().resolve(TextTokenizer.FILE)));
        assertTrue(Files.notExists(run.resolve(TextTokenizer.FILE)));
        assertTrue(ModelDirectory.config(learned.checkpoint()).text().isEmpty());
        assertEquals(
                1,
                RunFiles.digests(run.resolve("samples")).keySet().stream()
                        .filter(name -> name.endsWith(".wav"))
                        .count());
    }

    @Test
    void everyStepHasItsMetrics() throws IOException {
        List<Map<String, Object>> lines = RunFiles.metrics(whole);
        for (int step = 1; step <= STEPS; step++) {
            Map<String, Object> line = lines.get(step);
            assertEquals(step, line.get("step"));
            Set<String> names = new TreeSet<>(Set.of(
                    "step", "loss/train", "grad_norm", "lr", "updates_skipped", "perf/codes_per_s", "timing_s/step"));
            if (step % 2 == 0) {
                names.add("loss/held_out");
            }
            assertEquals(names, new TreeSet<>(line.keySet()));
            line.forEach((name, value) ->
                    assertTrue(value instanceof Number number && Double.isFinite(number.doubleValue()), name));
        }
        assertEquals(0.02 * 3 / 10, (double) lines.get(3).get("lr"), 1e-12, "the rate warms up over ten steps");
    }

    @Test
    void theSameSeedGivesTheSameBytesInAnyNumberOfThreads() throws IOException {
        generate(TinyWorld.pretraining(STEPS, 1), run, 1, Progress.none());
        assertEquals(last(whole), last(run));
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
    }

    @Test
    void anotherSeedGivesOthers() throws IOException {
        generate(TinyWorld.pretraining(STEPS, 2), run, 2, Progress.none());
        assertNotEquals(last(whole).get("model.safetensors"), last(run).get("model.safetensors"));
    }

    @Test
    void lookingDoesNotChangeWhatIsLookedAt() throws IOException {
        generate(looking(3, 1, 1, 2), run, 2, Progress.none());
        assertEquals(last(whole), last(run));
    }

    /** Before the first checkpoint at step 3, at it, and after the last. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5, 8})
    void resumedIsUninterrupted(long interruptedAfter) throws IOException {
        PretrainSettings settings = TinyWorld.pretraining(STEPS, 1);
        assertThrows(
                Interruption.class,
                () -> generate(settings, run, 2, (task, done, total, summary) -> {
                    if (done == interruptedAfter) {
                        throw new Interruption();
                    }
                }));
        Pretraining.Result resumed = generate(settings, run, 2, Progress.none());
        for (int step : new int[] {3, 6, STEPS}) {
            assertEquals(
                    RunFiles.digests(whole.resolve("checkpoints/step-" + step)),
                    RunFiles.digests(run.resolve("checkpoints/step-" + step)));
        }
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
        assertEquals(result.heldOutLoss(), resumed.heldOutLoss(), 0.0);
    }

    private static PretrainSettings adapting(Path checkpoint, double dropout) {
        PretrainSettings s = TinyWorld.pretraining(STEPS, 1);
        PretrainSettings.Training t = s.training();
        LoraSettings lora = new LoraSettings(4, 8.0, List.of(Target.Q_PROJ, Target.FC1, Target.FC2), dropout);
        return new PretrainSettings(
                s.seed(),
                Optional.of(checkpoint),
                s.corpus(),
                s.model(),
                new PretrainSettings.Training(
                        t.steps(),
                        t.batch(),
                        t.conditionDropout(),
                        0.1,
                        t.optimiser(),
                        new Schedule.Constant(0),
                        Optional.of(lora)),
                new PretrainSettings.Evaluation(2, 3, 3, 1, 20, 0.0),
                s.compute());
    }

    /**
     * Adapters learn on a base that stays; what is dropped depends on the step alone, so that a resumed run in one thread is the
     * uninterrupted one in two.
     */
    @Test
    void adaptersLearnWithDropoutAndResumeToTheBit() throws IOException {
        Path base = whole.resolve("checkpoints/step-" + STEPS);
        Map<String, String> before = RunFiles.digests(base);
        Path first = home.resolve("adapters");
        Pretraining.Result learned = generate(adapting(base, 0.25), first, 2, Progress.none());
        double start = (double) RunFiles.metrics(first).get(0).get("loss/held_out");
        assertTrue(learned.heldOutLoss() < start - 0.01, start + " became " + learned.heldOutLoss());
        assertEquals(before, RunFiles.digests(base));
        Map<String, String> files = last(first);
        assertTrue(files.containsKey("adapter_model.safetensors") && !files.containsKey("model.safetensors"));
        assertEquals(
                new LoraSettings(4, 8.0, List.of(Target.Q_PROJ, Target.FC1, Target.FC2), 0.25),
                AdapterFiles.settings(learned.checkpoint()));

        assertThrows(
                Interruption.class,
                () -> generate(adapting(base, 0.25), run, 2, (task, done, total, summary) -> {
                    if (done == 4) {
                        throw new Interruption();
                    }
                }));
        Pretraining.Result resumed = generate(adapting(base, 0.25), run, 1, Progress.none());
        assertEquals(files, last(run));
        assertEquals(RunFiles.timelessMetrics(first), RunFiles.timelessMetrics(run));
        assertEquals(learned.heldOutLoss(), resumed.heldOutLoss(), 0.0);
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel merged = PretrainedModel.open(learned.checkpoint(), shards)) {
            MusicTransformer plain = ModelDirectory.load(base, shards.kernels(0));
            assertFalse(Arrays.equals(weights(plain), weights(merged.replicas().model())));
        }

        Path without = home.resolve("no-dropout");
        generate(adapting(base, 0.0), without, 2, Progress.none());
        assertNotEquals(files.get("adapter_model.safetensors"), last(without).get("adapter_model.safetensors"));
        InvalidFileException twice = assertThrows(
                InvalidFileException.class,
                () -> generate(adapting(learned.checkpoint(), 0.0), home.resolve("twice"), 2, Progress.none()));
        assertTrue(
                twice.getMessage().endsWith("training.lora adds none to those; write the model first: ./encore merge"));
        PretrainSettings scratch = TinyWorld.pretraining(STEPS, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new PretrainSettings(
                        1,
                        scratch.corpus(),
                        scratch.model(),
                        adapting(base, 0.0).training(),
                        scratch.evaluation(),
                        scratch.compute()));
    }

    @Test
    void heldOutPromptsArePlayedAtTheEnd() throws IOException {
        generate(looking(4, 2, 8, 3), run, 2, Progress.none());
        Set<String> files =
                RunFiles.digests(run.resolve("samples/step-" + STEPS)).keySet();
        for (String name : List.of("000.wav", "001.wav", "002.wav", "000.json", "001.json", "002.json")) {
            assertTrue(files.contains(name), files::toString);
        }
        assertTrue(Files.readString(run.resolve("samples/step-" + STEPS + "/000.json"))
                .contains("\"prompt\" : "));
    }

    @Test
    void theExportIsTheModelInHalfPrecisionWithItsTokenizerAndCard() throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(run));
        RunContext context = new RunContext(directory, directory.lastCheckpoint(), Progress.none(), Clock.systemUTC());
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Pretraining training = new Pretraining(
                        TinyWorld.pretraining(2, 1), Optional.empty(), context, TinyWorld.codec(), shards)) {
            Path exported = training.export(training.run(), "./encore pretrain tiny.yaml");
            MusicTransformer model = ModelDirectory.load(exported, shards.kernels(0));
            assertArrayEquals(weights(training.model()), weights(model), 0.002f);
            assertEquals(training.model().config(), model.config());
            assertTrue(Files.isRegularFile(exported.resolve(TextTokenizer.FILE)));
            String card = Files.readString(exported.resolve("README.md"));
            assertTrue(card.contains("./encore pretrain tiny.yaml"), card);
            assertTrue(card.contains(training.dataFingerprints().get("corpus")), card);
            assertTrue(card.contains("| training | 2 steps of 8 pieces, seed 1 |"), card);
        }
    }

    private static float[] weights(MusicTransformer model) {
        return model.kernels().readFloats(model.parameters().flat());
    }

    @Test
    void aDamagedTokenizerIsRefused() throws IOException {
        Path file = Files.createDirectories(run).resolve(TextTokenizer.FILE);
        byte[] bytes = Files.readAllBytes(whole.resolve(TextTokenizer.FILE));
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        InvalidFileException invalid = assertThrows(
                InvalidFileException.class, () -> generate(TinyWorld.pretraining(STEPS, 1), run, 2, Progress.none()));
        assertTrue(invalid.getMessage().startsWith(file + ": "), invalid.getMessage());
        assertEquals(1, invalid.getMessage().lines().count());
    }
}
