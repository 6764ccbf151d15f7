package org.encore.app.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.encore.app.Invocation;
import org.encore.base.files.AtomicFiles;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;

/** What commands need, tiny and made once for all tests, which only read it: MIDI files, configurations, a checkpoint. */
public final class TinyWorld {
    private static final int PIECES = 6;

    private TinyWorld() {}

    /** Made when first asked for, deleted when the JVM ends. */
    private static final class Made {
        private static final Path DIRECTORY = directory();
        private static final Path MIDI = midi(DIRECTORY.resolve("midi"));
        private static final Path BASE = pretrained();

        private static Path directory() {
            try {
                Path directory = Files.createTempDirectory("tiny-world");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete tiny world"));
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path directory) {
            try {
                AtomicFiles.deleteRecursively(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path pretrained() {
            try {
                Path config = pretraining(DIRECTORY, MIDI, 40);
                Path run = DIRECTORY.resolve("pretraining");
                Invocation made = Invocation.here("pretrain", config.toString(), "--run-dir", run.toString());
                if (made.status() != 0) {
                    throw new IllegalStateException(made.err());
                }
                return run.resolve("model");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A folder of six MIDI files. */
    public static Path midi() {
        return Made.MIDI;
    }

    /** A model that has just learned to generate some notes. */
    public static Path base() {
        return Made.BASE;
    }

    /** Writes six MIDI files into a new folder. */
    private static Path midi(Path folder) {
        try {
            Files.createDirectories(folder);
            Etudes etudes = new Etudes(1);
            for (int i = 0; i < PIECES; i++) {
                MidiFiles.write(
                        folder.resolve("piece-" + i + ".mid"), etudes.train(i).piece());
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the configuration of a pretraining. */
    public static Path pretraining(Path directory, Path midi, int steps) throws IOException {
        return Files.writeString(
                directory.resolve("pretrain.yaml"),
                String.format(
                        Locale.ROOT,
                        """
                seed: 1
                corpus: {kind: midi-folder, folder: %s, seed: 1, maxSeconds: 20.0, heldOutPerCent: 30}
                model:
                  width: 16
                  layers: 1
                  heads: 2
                  feedForward: 32
                  maxFrames: 48
                  text: {width: 16, layers: 1, heads: 2, feedForward: 32, vocabulary: 100}
                training:
                  steps: %d
                  batch: 8
                  optimiser: {learningRate: 0.02, weightDecay: 0.0}
                  schedule: {kind: constant, warmupSteps: 10}
                evaluation: {every: 100, pieces: 3, checkpointEvery: 100, samples: 1}
                compute: {shards: 2, microBatch: 4}
                """,
                        midi,
                        steps));
    }

    /** Writes the configuration of a fine-tuning in which everything has a state. */
    public static Path training(Path directory, Path checkpoint, int steps) throws IOException {
        return Files.writeString(
                directory.resolve("train.yaml"),
                String.format(
                        Locale.ROOT,
                        """
                seed: 3
                checkpoint: %s
                corpus: {kind: midi-folder, folder: %s, seed: 1, maxSeconds: 20.0, heldOutPerCent: 30}
                iterations: %d
                rollout: {promptsPerIteration: 4, samplesPerPrompt: 1, maxFrames: 48, temperature: 1.0, batch: 2}
                rewards:
                  - {kind: note-density, normaliser: {kind: running}}
                advantages: {estimator: {kind: gae}, scale: whitened}
                kl:
                  penalty: {kind: sampled-in-reward}
                  controller: {kind: adaptive-coefficient, initial: 0.05, target: 0.5, horizon: 100, ceiling: 0.5}
                policy:
                  objective: {kind: clipped-surrogate}
                  optimiser: {learningRate: 0.003, weightDecay: 0.0}
                  epochs: 2
                evaluation: {prompts: 2, pieces: 2, samplesEvery: 6, samples: 1, checkpointEvery: 4, maxKl: 100}
                compute: {shards: 2, microBatch: 2}
                """,
                        checkpoint,
                        midi(),
                        steps));
    }
}
