package org.encore.trainer.pretraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervised fine-tuning of a checkpoint on a folder of sound. */
class SoundPretrainingTest {
    @TempDir
    private Path directory;

    /** Sizes and name of the model's codec, but of sound: the level of each 40 samples is a code. */
    private static final class Levels implements AudioCodec, WaveformEncoder {
        @Override
        public String name() {
            return NoteCodec.NAME;
        }

        @Override
        public int codebooks() {
            return 1;
        }

        @Override
        public int cardinality() {
            return NoteVocabulary.size();
        }

        @Override
        public Clip decode(int[][] codes) {
            float[] samples = new float[codes[0].length * 40];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = codes[0][i / 40] / (float) cardinality();
            }
            return Clip.of(new Waveform(samples, 400));
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }

        @Override
        public Optional<WaveformEncoder> encoder() {
            return Optional.of(this);
        }

        @Override
        public double framesPerSecond() {
            return 10;
        }

        @Override
        public int[][] encode(Waveform waveform) {
            int[][] codes = new int[1][waveform.samples().length / 40];
            for (int f = 0; f < codes[0].length; f++) {
                codes[0][f] = Math.min(cardinality() - 1, (int) Math.abs(100 * waveform.samples()[40 * f]));
            }
            return codes;
        }
    }

    @Test
    void aCheckpointLearnsFromEncodedSound() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("audio"));
        for (int i = 0; i < 6; i++) {
            float[] samples = new float[3 * 400 - 7 * i];
            for (int j = 0; j < samples.length; j++) {
                samples[j] = (float) ((1 + j / 200 % 3 + i % 2) / 10.0);
            }
            WaveFiles.write(folder.resolve(i + ".wav"), new Waveform(samples, 400));
            Files.writeString(folder.resolve(i + ".txt"), "a slow waltz " + i);
        }
        CorpusSource corpus = new CorpusSource.AudioFolder(folder, 3.0, 1, 30, directory.resolve("codes"));
        // Buffers have the size of a clip, not of all positions of the model.
        assertEquals(30, corpus.frames(new Levels(), 2000));
        assertEquals(20, corpus.frames(new Levels(), 20));
        PretrainSettings tiny = TinyWorld.pretraining(20, 1);
        PretrainSettings settings = new PretrainSettings(
                1,
                Optional.of(TinyWorld.base()),
                corpus,
                tiny.model(),
                tiny.training(),
                tiny.evaluation(),
                tiny.compute());
        List<String> encoded = new ArrayList<>();
        Path run = Files.createDirectory(directory.resolve("run"));
        Pretraining.Result result = train(settings, run, (task, done, total, summary) -> {
            if (task.equals("encoding")) {
                encoded.add(done + "/" + total + " " + summary);
            }
        });
        assertEquals(6, encoded.size());
        assertEquals("6/6 6 encoded, 0 cannot be read", encoded.get(5));
        List<Map<String, Object>> metrics = RunFiles.metrics(run);
        double before = (double) metrics.get(0).get("loss/held_out");
        assertTrue(result.heldOutLoss() < 0.7 * before, result.heldOutLoss() + " after " + before);
        assertTrue(result.heldOut().codes() >= 30, "clips of 30 codes");

        List<String> again = new ArrayList<>();
        Path second = Files.createDirectory(directory.resolve("second"));
        train(settings, second, (task, done, total, summary) -> again.add(summary));
        assertTrue(again.contains("0 encoded, 0 cannot be read"), again::toString);
        assertEquals(RunFiles.timelessMetrics(run), RunFiles.timelessMetrics(second));
    }

    private static Pretraining.Result train(PretrainSettings settings, Path run, Progress progress) throws IOException {
        RunContext context = new RunContext(new RunDirectory(run), Optional.empty(), progress, Clock.systemUTC());
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Pretraining training =
                        new Pretraining(settings, settings.checkpoint(), context, new Levels(), shards)) {
            return training.run();
        }
    }

    @Test
    void promptsAloneCannotBeTrainedOn() throws IOException {
        Path file = Files.writeString(directory.resolve("prompts.txt"), "one\ntwo\n");
        CorpusSource prompts = new CorpusSource.Prompts(file, Optional.empty(), 1, 10);
        PretrainSettings tiny = TinyWorld.pretraining(20, 1);
        PretrainSettings settings = new PretrainSettings(
                1,
                Optional.of(TinyWorld.base()),
                prompts,
                tiny.model(),
                tiny.training(),
                tiny.evaluation(),
                tiny.compute());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> train(settings, directory, Progress.none()));
        assertTrue(e.getMessage().startsWith("the corpus prompts has no music"), e.getMessage());
    }
}
