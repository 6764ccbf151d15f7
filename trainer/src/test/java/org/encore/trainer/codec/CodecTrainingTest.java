package org.encore.trainer.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.training.CodebookLearning;
import org.encore.model.encodec.training.CodecLoss;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.MelLoss;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.run.TrainingLoop.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTrainingTest {
    private static final int STEPS = 6;

    @TempDir
    private Path directory;

    private static CodecSettings settings(int steps, List<SoundSource> sound) {
        return new CodecSettings(
                1,
                new CodecSettings.Sizes(8000, List.of(4, 4), 3, 8, 1, 2, 16),
                sound,
                new CodecLoss.Settings(1.0, 1.0, 1.0, new MelLoss.Settings(List.of(64, 256), 32, 1.0, 1.0, -70.0)),
                new CodebookLearning.Settings(0.9, 0.2, 1e-5, 5, 2),
                new CodecSettings.Training(
                        steps,
                        6,
                        0.1,
                        6.0,
                        0.5,
                        new AdamW.Settings(3e-3, 0.5, 0.9, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(0)),
                new CodecSettings.Evaluation(3, 3, 2, 2, 2, 1.0),
                new CodecSettings.Compute(2, 2));
    }

    private static List<SoundSource> etudes() {
        return List.of(new SoundSource.Etudes(1, 2));
    }

    private static Shards shards(int threads) {
        KernelChoice choice = KernelChoice.best(Precision.SINGLE);
        return new Shards(2, threads, choice::open);
    }

    private RunDirectory run(String name) throws IOException {
        return new RunDirectory(Files.createDirectories(directory.resolve(name)));
    }

    private static RunContext context(RunDirectory run, Optional<Path> from, int stopAfter) {
        AtomicInteger asked = new AtomicInteger();
        return new RunContext(
                run, from, Progress.none(), Clock.systemUTC(), () -> asked.getAndIncrement() == stopAfter);
    }

    private static CodecTraining.Result train(CodecSettings settings, RunDirectory run, int threads)
            throws IOException {
        try (Shards shards = shards(threads)) {
            return new CodecTraining(settings, context(run, Optional.empty(), -1), shards).run("the command");
        }
    }

    private static void assertSameFiles(RunDirectory a, RunDirectory b) throws IOException {
        Path one = a.checkpoint(STEPS);
        Path other = b.checkpoint(STEPS);
        for (String file : List.of(
                "model.safetensors",
                "optimizer/first_moment.safetensors",
                "optimizer/second_moment.safetensors",
                "trainer_state.json")) {
            assertEquals(-1, Files.mismatch(one.resolve(file), other.resolve(file)), file);
        }
        assertEquals(
                -1,
                Files.mismatch(
                        a.path().resolve("model/model.safetensors"), b.path().resolve("model/model.safetensors")));
    }

    /** Interrupted before the codebooks have begun, and after. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anInterruptedRunEndsWithTheSameBitsOnAnyNumberOfThreads(int steps) throws IOException {
        CodecSettings settings = settings(STEPS, etudes());
        RunDirectory whole = run("whole");
        train(settings, whole, 2);
        RunDirectory cut = run("cut");
        try (Shards shards = shards(1)) {
            CodecTraining first = new CodecTraining(settings, context(cut, Optional.empty(), steps), shards);
            assertThrows(TrainingStoppedException.class, () -> first.run(""));
        }
        try (Shards shards = shards(1)) {
            new CodecTraining(settings, context(cut, cut.lastCheckpoint(), -1), shards).run("the command");
        }
        assertSameFiles(whole, cut);
        List<String> expected = Files.readAllLines(whole.metrics());
        List<String> found = Files.readAllLines(cut.metrics());
        assertEquals(STEPS, expected.size());
        for (int i = 0; i < STEPS; i++) {
            JsonNode a = new ObjectMapper().readTree(expected.get(i));
            JsonNode b = new ObjectMapper().readTree(found.get(i));
            for (String name : List.of("loss/codec", "codec/perplexity_1", "codec/revived", "grad_norm")) {
                assertEquals(
                        i >= 2 || !name.contains("perplexity"), a.path(name).isNumber(), name);
                assertEquals(a.path(name), b.path(name), name);
            }
            assertEquals(i % 3 == 2, a.path("codec/log_mel_distance").isNumber());
            assertEquals(a.path("codec/log_mel_distance"), b.path("codec/log_mel_distance"));
        }
    }

    /** The directory plays what the trainer hears, up to the 16 bits of the decoder's recurrent weights. */
    @Test
    void theWrittenModelIsTheTrainersOwn() throws IOException {
        RunDirectory run = run("written");
        CodecSettings settings = settings(2, etudes());
        try (Shards shards = shards(2)) {
            CodecTraining training = new CodecTraining(settings, context(run, Optional.empty(), -1), shards);
            CodecTraining.Result result = training.run("the command");
            EncodecModel opened = EncodecModel.load(result.model(), shards.kernels(0));
            Waveform sound = WaveFiles.read(run.samples(2).resolve("000.wav"));
            int[][] codes = new EncodecCodec(training.model(), shards, 1).encode(sound);
            EncodecCodec codec = new EncodecCodec(opened, shards, 1);
            int[][] again = codec.encode(sound);
            for (int k = 0; k < codes.length; k++) {
                assertArrayEquals(codes[k], again[k]);
            }
            float[] own = new EncodecCodec(training.model(), shards, 1)
                    .decode(codes)
                    .waveform()
                    .samples();
            assertArrayEquals(own, codec.decode(codes).waveform().samples(), 1e-4f);
            assertEquals(2, result.report().byCodebooks().size());
            String card = Files.readString(result.model().resolve("README.md"));
            assertTrue(card.contains("the command") && card.contains("log-mel"), card);
        }
    }

    @Test
    void theLossFalls() throws IOException {
        RunDirectory run = run("falling");
        train(settings(60, etudes()), run, 2);
        List<String> lines = Files.readAllLines(run.metrics());
        double first = 0.0;
        double last = 0.0;
        for (int i = 0; i < 10; i++) {
            first +=
                    new ObjectMapper().readTree(lines.get(i)).path("loss/codec").asDouble();
            last += new ObjectMapper()
                    .readTree(lines.get(lines.size() - 1 - i))
                    .path("loss/codec")
                    .asDouble();
        }
        assertTrue(last < 0.8 * first, "from " + first / 10 + " to " + last / 10);
    }

    /** A folder at another rate, beside études; the held-out file is never trained on. */
    @Test
    void foldersOfSoundAreLearnedFrom() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("sound"));
        for (int i = 0; i < 4; i++) {
            float[] tone = new float[22_050];
            for (int t = 0; t < tone.length; t++) {
                tone[t] = (float) (0.3 * Math.sin(2 * Math.PI * 200 * (i + 1) * t / 22_050));
            }
            WaveFiles.write(folder.resolve("tone-" + i + ".wav"), new Waveform(tone, 22_050));
        }
        SoundSource source = new SoundSource.AudioFolder(folder, 1, 1.0, 30);
        SoundSource.Recordings recordings = source.open(8000);
        assertEquals(8000, recordings.train(0).samples().length, 1);
        assertTrue(recordings.training() < 4 && recordings.training() > 0);
        CodecTraining.Result result =
                train(settings(2, List.of(source, new SoundSource.Etudes(1, 1))), run("folder"), 2);
        assertTrue(Double.isFinite(result.report().all().logMel()));
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertThrows(InvalidFileException.class, () -> new SoundSource.AudioFolder(empty, 1, 1.0, 30).open(8000));
    }
}
