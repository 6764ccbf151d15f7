package org.encore.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.encore.base.files.AtomicFiles;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.memory.MemoryBudget.Checkpointing;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.run.ComputeSettings;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.pretraining.CorpusSource;
import org.encore.trainer.pretraining.PretrainSettings;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;
import org.encore.trainer.pretraining.Pretraining;

/**
 * What whole runs need, tiny and made once for all tests, which only read it: a folder of pieces cut to windows of at most
 * 48 codes, and a model that has just learned to generate some notes.
 */
public final class TinyWorld {
    public static final int MAX_FRAMES = 48;

    private static final int PIECES = 6;

    private TinyWorld() {}

    /** Made when first asked for, deleted when the JVM ends. */
    private static final class Made {
        private static final Path DIRECTORY = directory();
        private static final CorpusSource CORPUS = pieces();
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

        private static CorpusSource pieces() {
            try {
                Path folder = Files.createDirectories(DIRECTORY.resolve("midi"));
                Etudes etudes = new Etudes(1);
                for (int i = 0; i < PIECES; i++) {
                    MidiFiles.write(
                            folder.resolve("piece-" + i + ".mid"),
                            etudes.train(i).piece());
                }
                return new CorpusSource.MidiFolder(folder, 1, 20.0, 30);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path pretrained() {
            try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE))) {
                Path run = Files.createDirectories(DIRECTORY.resolve("pretraining"));
                RunContext context =
                        new RunContext(new RunDirectory(run), Optional.empty(), Progress.none(), Clock.systemUTC());
                try (Pretraining training =
                        new Pretraining(pretraining(40, 1), Optional.empty(), context, codec(), shards)) {
                    return training.run().checkpoint();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static SymbolicCodec codec() {
        return Codecs.symbolic(Codecs.NOTES);
    }

    /** A folder of six pieces. */
    public static CorpusSource corpus() {
        return Made.CORPUS;
    }

    /** A checkpoint whose music has notes and little else. */
    public static Path base() {
        return Made.BASE;
    }

    /** A pretraining on the folder. */
    public static PretrainSettings pretraining(int steps, long seed) {
        return new PretrainSettings(
                seed,
                corpus(),
                new ModelSettings(16, 1, 2, 32, MAX_FRAMES, Optional.of(new ModelSettings.Text(16, 1, 2, 32, 100))),
                new PretrainSettings.Training(
                        steps,
                        8,
                        0.1,
                        0.0,
                        new AdamW.Settings(0.02, 0.9, 0.95, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(10)),
                new PretrainSettings.Evaluation(2, 3, 3, 0, 0, 0.0),
                new ComputeSettings(2, 4, Checkpointing.AUTO));
    }
}
