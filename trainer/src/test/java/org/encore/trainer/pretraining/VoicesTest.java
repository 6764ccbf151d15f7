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
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.memory.MemoryBudget.Checkpointing;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.Codecs;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.Split;
import org.encore.run.ComputeSettings;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four voices without text, with dropout and early stopping. */
class VoicesTest {
    private static final int STEPS = 12;
    private static final int LONG = 200;

    @TempDir
    private Path home;

    private CorpusSource corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        Path file = home.resolve("chorales.json");
        Files.writeString(
                file,
                "{\"train\": " + pieces(5, 1) + ", \"valid\": " + pieces(3, 2) + ", \"test\": " + pieces(2, 3) + "}");
        corpus = new CorpusSource.Chorales(file, 1, 3);
    }

    /** Pieces of 12 to 19 frames in which each voice wanders by steps. */
    private static String pieces(int count, long seed) {
        RandomGenerator random = new RandomStreams(seed).stream(RandomStreams.Purpose.NOISE);
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            int[] pitches = {70, 62, 55, 45};
            text.append(i == 0 ? "[" : ", [");
            int frames = 12 + random.nextInt(8);
            for (int t = 0; t < frames; t++) {
                pitches[random.nextInt(4)] += random.nextInt(5) - 2;
                text.append(t == 0 ? "" : ", ").append(Arrays.toString(pitches));
            }
            text.append("]");
        }
        return text.append("]").toString();
    }

    private PretrainSettings settings(int steps, double dropout, double learningRate, int patience) {
        return settings(steps, dropout, learningRate, patience, Checkpointing.FALSE);
    }

    private PretrainSettings settings(
            int steps, double dropout, double learningRate, int patience, Checkpointing recompute) {
        return new PretrainSettings(
                1,
                corpus,
                new ModelSettings(16, 1, 2, 32, 24, Optional.empty()),
                new PretrainSettings.Training(
                        steps,
                        4,
                        0.0,
                        dropout,
                        new AdamW.Settings(learningRate, 0.9, 0.95, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(1)),
                new PretrainSettings.Evaluation(2, 8, 3, 1, patience),
                new ComputeSettings(2, 2, recompute));
    }

    private Path run(String name) {
        return home.resolve(name);
    }

    private Pretraining.Result generate(PretrainSettings settings, String name, Progress progress) throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(run(name)));
        RunContext context = new RunContext(directory, directory.lastCheckpoint(), progress, Clock.systemUTC());
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Pretraining training = new Pretraining(
                        settings,
                        settings.checkpoint(),
                        context,
                        Codecs.symbolic(corpus.codec().orElseThrow()),
                        shards)) {
            Pretraining.Result result = training.run();
            training.export(result, "./encore pretrain tiny.yaml");
            return result;
        }
    }

    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void interrupt(PretrainSettings settings, String name, long after) {
        assertThrows(
                Interruption.class,
                () -> generate(settings, name, (task, done, total, summary) -> {
                    if (done == after) {
                        throw new Interruption();
                    }
                }));
    }

    private Map<String, String> last(String name, long step) throws IOException {
        return RunFiles.digests(run(name).resolve("checkpoints/step-" + step));
    }

    @Test
    void fourVoicesAreLearnedMeasuredAndPlayed() throws IOException {
        Pretraining.Result result = generate(settings(STEPS, 0.1, 0.02, 0), "run", Progress.none());
        List<Map<String, Object>> lines = RunFiles.metrics(run("run"));
        double start = (double) lines.get(0).get("loss/held_out");
        // A model that knows nothing is as good as chance, ln 48 = 3.87.
        assertEquals(3.87, start, 0.4);
        assertTrue(result.heldOutLoss() < start - 0.3, start + " became " + result.heldOutLoss());
        assertEquals(STEPS, result.keptStep());
        // Every voice of every frame counts once, and the frame that ends a piece does not.
        assertEquals(
                4L
                        * frames(corpus.open(Codecs.symbolic(corpus.codec().orElseThrow()), 24)
                                .heldOut(100)),
                result.heldOut().codes());
        assertEquals(
                4L
                        * frames(corpus.open(Codecs.symbolic(corpus.codec().orElseThrow()), 24)
                                .on(Split.TEST)
                                .heldOut(100)),
                result.test().orElseThrow().codes());
        assertTrue(result.heldOut().perCodeWithUncounted() > result.heldOutLoss());
        assertTrue(Files.isRegularFile(run("run").resolve("samples/step-" + STEPS + "/000.wav")));
        assertFalse(Files.exists(run("run").resolve("model").resolve(TextTokenizer.FILE)));
        for (Path directory : List.of(result.checkpoint(), run("run").resolve("model"))) {
            assertEquals(Optional.of("voices"), ModelDirectory.config(directory).codec());
        }
        String card = Files.readString(run("run").resolve("model/README.md"));
        assertTrue(card.contains("codebooks: 4, codes in each: 48"), card);
        assertTrue(card.contains("on " + result.test().orElseThrow().codes() + " codes"), card);
    }

    private static int frames(List<CaptionedPiece> pieces) {
        return pieces.stream()
                .mapToInt(piece -> piece.piece().lengthTicks() / 3)
                .sum();
    }

    @Test
    void dropoutChangesWhatIsLearnedAndNotHowItIsMeasured() throws IOException {
        generate(settings(STEPS, 0.0, 0.02, 0), "without", Progress.none());
        generate(settings(STEPS, 0.3, 0.02, 0), "with", Progress.none());
        assertNotEquals(
                last("without", STEPS).get("model.safetensors"),
                last("with", STEPS).get("model.safetensors"));
        assertEquals(
                RunFiles.metrics(run("without")).get(0).get("loss/held_out"),
                RunFiles.metrics(run("with")).get(0).get("loss/held_out"));
    }

    @Test
    void computingActivationsAgainChangesNoBit() throws IOException {
        generate(settings(STEPS, 0.2, 0.02, 0), "kept", Progress.none());
        generate(settings(STEPS, 0.2, 0.02, 0, Checkpointing.TRUE), "again", Progress.none());
        assertEquals(last("kept", STEPS), last("again", STEPS));
        assertEquals(RunFiles.timelessMetrics(run("kept")), RunFiles.timelessMetrics(run("again")));
    }

    @Test
    void theMemoryThatIsForeseenIsWhatIsAllocated() throws IOException {
        SymbolicCodec codec = Codecs.symbolic(corpus.codec().orElseThrow());
        RunDirectory directory = new RunDirectory(Files.createDirectories(run("run")));
        RunContext context = new RunContext(directory, Optional.empty(), Progress.none(), Clock.systemUTC());
        for (ActivationCheckpointing storage : ActivationCheckpointing.values()) {
            Checkpointing recompute =
                    storage == ActivationCheckpointing.KEPT ? Checkpointing.FALSE : Checkpointing.TRUE;
            PretrainSettings settings = settings(STEPS, 0.0, 0.02, 0, recompute);
            try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                    Pretraining training = new Pretraining(settings, settings.checkpoint(), context, codec, shards)) {
                long allocated =
                        shards.kernels(0).allocatedBytes() + shards.kernels(1).allocatedBytes();
                long foreseen = new PretrainMemory(settings, Optional.empty(), Optional.of(codec))
                        .plan(storage)
                        .bytes(Place.OFF_HEAP);
                assertEquals(1.0, (double) foreseen / allocated, 0.03, foreseen + " against " + allocated);
                assertEquals(1, training.dataFingerprints().size());
            }
        }
    }

    /** Before the first checkpoint, between two, and after the last. */
    @Test
    void resumedIsUninterrupted() throws IOException {
        PretrainSettings settings = settings(STEPS, 0.2, 0.02, 4);
        Pretraining.Result whole = generate(settings, "whole", Progress.none());
        for (long after : new long[] {1, 7, STEPS}) {
            String name = "interrupted-" + after;
            interrupt(settings, name, after);
            Pretraining.Result resumed = generate(settings, name, Progress.none());
            assertEquals(last("whole", STEPS), last(name, STEPS));
            assertEquals(RunFiles.timelessMetrics(run("whole")), RunFiles.timelessMetrics(run(name)));
            assertEquals(whole.heldOut(), resumed.heldOut());
            assertEquals(whole.test(), resumed.test());
            assertEquals(whole.keptStep(), resumed.keptStep());
        }
    }

    /** Five pieces are soon known by heart: the run ends early, and the best weights are the ones that stay. */
    @Test
    void patienceEndsARunAndKeepsItsBestWeights() throws IOException {
        PretrainSettings settings = settings(LONG, 0.0, 0.1, 2);
        Pretraining.Result result = generate(settings, "run", Progress.none());
        List<Map<String, Object>> lines = RunFiles.metrics(run("run"));
        double best = Double.POSITIVE_INFINITY;
        long bestStep = 0;
        for (int step = 2; step < lines.size(); step += 2) {
            double loss = (double) lines.get(step).get("loss/held_out");
            bestStep = loss < best ? step : bestStep;
            best = Math.min(best, loss);
        }
        assertTrue(result.steps() < LONG, "ended at " + result.steps());
        assertEquals(result.steps(), bestStep + 4);
        assertEquals(bestStep, result.keptStep());
        assertEquals(best, result.heldOutLoss(), 0.0);
        assertTrue(Files.isDirectory(run("run").resolve("samples/step-" + bestStep)));
        assertEquals(
                result.steps(), generate(settings, "run", Progress.none()).steps(), "a run that ended goes no further");
        try (PortableKernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer kept = ModelDirectory.load(run("run").resolve("best"), kernels);
            MusicTransformer exported = ModelDirectory.load(run("run").resolve("model"), kernels);
            assertArrayEquals(weights(kept), weights(exported), 0.01f);
        }
    }

    private static float[] weights(MusicTransformer model) {
        return model.kernels().readFloats(model.parameters().flat());
    }
}
