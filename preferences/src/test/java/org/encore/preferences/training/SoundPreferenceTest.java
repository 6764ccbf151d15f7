package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.RandomMusicGen;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.encore.music.Piece;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.NetworkScores.Pooling;
import org.encore.rewards.preference.PreferenceModel;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.encore.rewards.preference.PreferenceReward;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Votes on sound train a network of a model of sound: it reads the codes that its own codec hears. */
class SoundPreferenceTest {
    private static final int RATE = 22_050;
    private static final String PROMPT = "a slow tone";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeModel() throws IOException {
        RandomMusicGen.Size tiny = RandomMusicGen.Size.TINY;
        new RandomMusicGen(tiny.config(1, 1), tiny.codec(), Format.F32, 3)
                .write(directory.resolve("policy"), written -> {});
    }

    private static Waveform tone(int number, double seconds) {
        float[] samples = new float[(int) (seconds * RATE)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.05 * (1 + number) * Math.sin(2.0 * Math.PI * 110.0 * (1 + number) * i / RATE));
        }
        return new Waveform(samples, RATE);
    }

    /** Clips of which each later one is preferred. */
    private ComparisonSet votes(String name, int clips) throws IOException {
        List<ComparisonSet.Clip> sounds = new ArrayList<>();
        List<Comparison> votes = new ArrayList<>();
        for (int i = 0; i < clips; i++) {
            Path file = directory.resolve(name + "-" + i + ".wav");
            WaveFiles.write(file, tone(i, 0.4));
            sounds.add(new ComparisonSet.Clip(file, PROMPT + " " + name, Optional.empty()));
            for (int j = 0; j < i; j++) {
                votes.add(new Comparison(i, j, 1, "r"));
            }
        }
        return new ComparisonSet(sounds, votes);
    }

    private Network network(int steps, int checkpointEvery) {
        return new Network(
                directory.resolve("policy"),
                ClipReading.defaults(),
                Pooling.MEAN,
                new PreferenceLearner.Training(
                        steps,
                        4,
                        new AdamW.Settings(1e-3, 0.9, 0.95, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(1),
                        List.of(ParameterLayout.Part.DECODER),
                        PreferenceLearner.Start.POLICY),
                steps,
                checkpointEvery,
                new PreferenceLearner.Compute(2, 2));
    }

    private NetworkTraining.Result run(Network network, String name, Optional<Path> resumeFrom) throws IOException {
        RunDirectory run = new RunDirectory(Files.createDirectories(directory.resolve(name)));
        try (Shards shards = Shards.of(2, () -> new PortableKernels(Precision.SINGLE));
                NetworkTraining training = new NetworkTraining(
                        network,
                        7,
                        new NetworkTraining.Votes(votes("train", 4), votes("heldOut", 3)),
                        new RunContext(run, resumeFrom, Progress.none(), Clock.systemUTC()),
                        shards)) {
            NetworkTraining.Result result = training.run();
            training.export(run.path().resolve("model"), result, "command");
            return result;
        }
    }

    @Test
    void whatWasTrainedIsTheRewardAndHearsWithItsOwnCodec() throws IOException {
        NetworkTraining.Result result = run(network(2, 2), "run", Optional.empty());
        ComparisonSet heldOut = votes("heldOut", 3);
        for (Path model : List.of(result.checkpoint(), directory.resolve("run/model"))) {
            try (PreferenceModel loaded = PreferenceModels.load(model)) {
                double[] scores = loaded.scores(heldOut.clips().stream()
                        .map(clip -> loaded.reading().read(clip, clip.prompt(), loaded.codec(), loaded.mostFrames()))
                        .toList());
                // The exported weights have 16 bits.
                assertArrayEquals(result.scores(), scores, model.endsWith("model") ? 2e-2 : 1e-4, model.toString());
            }
        }
        PreferenceReward reward = PreferenceReward.of("preference", result.checkpoint());
        List<Score> scores = reward.score(List.of(Sample.of(
                new Prompt(PROMPT + " heldOut", Attributes.NONE),
                Clip.of(heldOut.clips().get(1).waveform()))));
        assertEquals(result.scores()[1], scores.get(0).value(), 1e-4);
    }

    @Test
    void anInterruptedTrainingGoesOnWithTheSameBits() throws IOException {
        NetworkTraining.Result whole = run(network(4, 2), "whole", Optional.empty());
        NetworkTraining.Result resumed =
                run(network(4, 2), "resumed", Optional.of(directory.resolve("whole/checkpoints/step-2")));
        assertArrayEquals(
                Files.readAllBytes(whole.checkpoint().resolve(ModelDirectory.WEIGHTS)),
                Files.readAllBytes(resumed.checkpoint().resolve(ModelDirectory.WEIGHTS)));
        assertEquals(whole.heldOut(), resumed.heldOut());
    }

    /** The beginning and the end, as of notes. */
    @Test
    void aClipLongerThanTheWindowIsReadTwice() throws IOException {
        NetworkTraining.Result result = run(network(1, 1), "long", Optional.empty());
        try (PreferenceModel model = PreferenceModels.load(result.checkpoint())) {
            ClipReading.Source clip = new ClipReading.Source() {
                @Override
                public Piece piece() {
                    throw new IllegalArgumentException("there are no notes");
                }

                @Override
                public Waveform waveform() {
                    return tone(2, 0.5);
                }
            };
            int[][] codes = model.codec().encoder().orElseThrow().encode(clip.waveform());
            int frames = codes[0].length;
            int most = frames - 5;
            List<CodeSequence> windows = model.reading().windows(clip, PROMPT, model.codec(), most);
            assertEquals(2, windows.size());
            for (int k = 0; k < codes.length; k++) {
                for (int f = 0; f < most; f++) {
                    assertEquals(codes[k][f], windows.get(0).codes()[k][f]);
                    assertEquals(codes[k][f + 5], windows.get(1).codes()[k][f]);
                }
            }
        }
    }

    @Test
    void notesAreNoSoundAndSoundAreNoNotes() throws IOException {
        ComparisonSet.Clip sound = votes("one", 1).clips().get(0);
        String message = assertThrows(InvalidFileException.class, sound::piece).getMessage();
        assertTrue(message.contains("put one-0.mid beside it"), message);
        ComparisonSet.Clip notes = ComparisonSet.Clip.of(
                directory.resolve("x.mid"),
                PROMPT,
                TinyTaste.votes(1, 4, 4).clips().get(0).piece());
        message = assertThrows(InvalidFileException.class, notes::waveform).getMessage();
        assertTrue(message.contains("the model hears sound"), message);
    }
}
