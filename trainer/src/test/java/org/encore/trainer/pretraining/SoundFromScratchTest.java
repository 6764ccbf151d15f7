package org.encore.trainer.pretraining;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.Codecs;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.pretrained.RandomMusicGen;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.encore.run.ComputeSettings;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of sound that is trained from scratch on rendered études, with the codec of another directory. */
class SoundFromScratchTest {
    private static final int STEPS = 6;

    @TempDir
    private static Path home;

    private static Path codec;

    @TempDir
    private Path directory;

    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void prepare() throws IOException {
        codec = home.resolve("codec");
        RandomMusicGen.Size tiny = RandomMusicGen.Size.TINY;
        new RandomMusicGen(tiny.config(1, 1), tiny.codec(), Format.F32, 3).write(codec, written -> {});
    }

    private static PretrainSettings settings(int textWidth) {
        PretrainSettings tiny = TinyWorld.pretraining(STEPS, 1);
        ModelSettings.Text text = new ModelSettings.Text(textWidth, 1, 2, 32, 100);
        return new PretrainSettings(
                1,
                new CorpusSource.Etudes(
                        1, 0.0, 0.0, Optional.of(new CorpusSource.Rendering(0.5, 6, home.resolve("codes")))),
                new ModelSettings(16, 1, 2, 32, 32, Optional.of(text), Optional.of(codec)),
                new PretrainSettings.Training(
                        STEPS,
                        4,
                        0.1,
                        0.0,
                        new AdamW.Settings(0.02, 0.9, 0.95, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(0)),
                new PretrainSettings.Evaluation(2, 3, 3, 2, 0, 0.0),
                new ComputeSettings(2, 2, tiny.compute().activationCheckpointing()));
    }

    private static Pretraining.Result train(PretrainSettings settings, Path run, Progress progress) throws IOException {
        RunDirectory place = new RunDirectory(Files.createDirectories(run));
        RunContext context = new RunContext(place, place.lastCheckpoint(), progress, Clock.systemUTC());
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                EncodecCodec sound = Codecs.sound(codec, shards);
                Pretraining training = new Pretraining(settings, Optional.empty(), context, sound, shards)) {
            Pretraining.Result result = training.run();
            training.export(result, "encore pretrain");
            return result;
        }
    }

    /** The loss falls from chance, of each codebook too; what comes of it is a MusicGen directory that plays. */
    @Test
    void itLearnsAndPlays() throws IOException {
        Pretraining.Result result = train(settings(16), directory, Progress.none());
        List<Map<String, Object>> lines = RunFiles.metrics(directory);
        double start = (double) lines.get(0).get("loss/held_out");
        assertEquals(Math.log(64), start, 0.5);
        double end = (double) lines.get(STEPS).get("loss/held_out");
        assertTrue(end < start - 0.2, start + " became " + end);
        assertEquals(end, result.heldOutLoss(), 0.0);
        double sum = 0.0;
        for (int k = 0; k < 4; k++) {
            sum += (double) lines.get(STEPS).get("loss/held_out/codebook-" + k);
        }
        assertEquals(end, sum / 4, 1e-9);
        assertEquals(3 * 4 * 25, result.heldOut().codes(), "three clips of 25 frames in four codebooks");

        for (Path model : List.of(directory.resolve("model"), result.checkpoint())) {
            assertTrue(ModelDirectory.isReference(model));
            assertEquals(codecTensors(codec), codecTensors(model));
            try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                    PretrainedModel opened = PretrainedModel.open(model, shards);
                    ParallelGenerator generator = opened.generator(new SamplingSettings(1.0, 0, 1.0, 3.0), 1, 25)) {
                assertEquals(32, opened.maxFrames());
                assertTrue(opened.tokenizer().unknownWords("a slow waltz").size() < 3);
                Completion completion = generator
                        .generate(List.of("slow piano"), i -> new RandomStreams(1).stream(Purpose.SAMPLING, i))
                        .get(0);
                assertEquals(
                        16_000,
                        opened.codec().decode(completion.codes()).waveform().samples().length,
                        10);
            }
        }
        assertTrue(Files.readString(directory.resolve("model/README.md"))
                .contains("rendered: the first 0.5 s of 6 pieces"));
        assertTrue(Files.isRegularFile(directory.resolve("samples/step-" + STEPS + "/000.wav")));
    }

    private static Map<String, List<Float>> codecTensors(Path model) throws IOException {
        Map<String, List<Float>> tensors = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(model.resolve(ModelDirectory.WEIGHTS))) {
            for (String name : file.names()) {
                if (name.startsWith(ModelDirectory.CODEC_PREFIX)) {
                    float[] values = file.floats(name);
                    List<Float> boxed = new ArrayList<>();
                    for (float value : values) {
                        boxed.add(value);
                    }
                    tensors.put(name, boxed);
                }
            }
        }
        assertFalse(tensors.isEmpty());
        return tensors;
    }

    /** Interrupted and resumed, encoding included, a run has the weights of an uninterrupted one; text of another width. */
    @Test
    void resumedIsUninterrupted() throws IOException {
        Path whole = directory.resolve("whole");
        train(settings(8), whole, Progress.none());
        Path cut = directory.resolve("cut");
        Progress interrupting = (task, done, total, summary) -> {
            if (task.equals("pretraining") && done == 4) {
                throw new Interruption();
            }
        };
        assertThrows(Interruption.class, () -> train(settings(8), cut, interrupting));
        train(settings(8), cut, Progress.none());
        assertEquals(
                RunFiles.digests(whole.resolve("checkpoints/step-" + STEPS)),
                RunFiles.digests(cut.resolve("checkpoints/step-" + STEPS)));
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(cut));
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("model/model.safetensors")),
                Files.readAllBytes(cut.resolve("model/model.safetensors")));
    }

    @Test
    void withoutTextThereIsNoMusicGen() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new ModelSettings(16, 1, 2, 32, 32, Optional.empty(), Optional.of(codec)));
        assertTrue(e.getMessage().startsWith("text is null"), e.getMessage());
    }
}
