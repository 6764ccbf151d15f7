package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.music.codec.AudioCodec;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.TinyWorld;

/** Whole runs of a plan, as a user starts, interrupts and resumes them. */
final class Rehearsal {
    private Rehearsal() {}

    /** Thrown by {@link #interrupted}: what comes of a run that ends in the middle. */
    static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A run from its beginning to its end. */
    static FineTuning.Result whole(Plan plan, Path run) throws IOException {
        return generate(plan, fresh(run, Progress.none()), 2);
    }

    /** The same in a number of threads. */
    static FineTuning.Result inThreads(int threads, Plan plan, Path run) throws IOException {
        return generate(plan, fresh(run, Progress.none()), threads);
    }

    /** A run from its beginning to its end, watched. */
    static FineTuning.Result watched(Progress progress, Plan plan, Path run) throws IOException {
        return generate(plan, fresh(run, progress), 2);
    }

    /** A run that ends after an iteration, before anything is written about it but its metrics. */
    static void interrupted(long afterStep, Plan plan, Path run) throws IOException {
        Progress interrupting = (task, done, total, summary) -> {
            if (task.equals("training") && done == afterStep) {
                throw new Interruption();
            }
        };
        try {
            generate(plan, fresh(run, interrupting), 2);
        } catch (Interruption expected) {
            return;
        }
        throw new IllegalStateException("the run never came to step " + afterStep);
    }

    /** Resumes from the last checkpoint, or anew if there is none. */
    static FineTuning.Result resumed(Plan plan, Path run) throws IOException {
        RunDirectory directory = new RunDirectory(run);
        return generate(
                plan, new RunContext(directory, directory.lastCheckpoint(), Progress.none(), Clock.systemUTC()), 2);
    }

    private static RunContext fresh(Path run, Progress progress) throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(run));
        return new RunContext(directory, Optional.empty(), progress, Clock.systemUTC());
    }

    private static FineTuning.Result generate(Plan plan, RunContext context, int threads) throws IOException {
        FineTuneSettings settings = plan.settings();
        try (Shards shards =
                        new Shards(settings.compute().shards(), threads, () -> new PortableKernels(Precision.SINGLE));
                FineTuning training =
                        new FineTuning(settings, settings.checkpoint(), context, codec(settings, shards), shards)) {
            return training.run();
        }
    }

    private static AudioCodec codec(FineTuneSettings settings, Shards shards) throws IOException {
        return settings.corpus().codec().isPresent()
                ? TinyWorld.codec()
                : CheckpointInfo.of(settings.checkpoint()).openCodec(shards);
    }
}
