package org.encore.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.Manifest;
import org.encore.model.learning.DivergedException;

/**
 * The loop of every training: resume, step, record metrics, report progress, stop on divergence, save checkpoints.
 *
 * <p>Checkpoints are written atomically, with a manifest of checksums. A resumed run drops the metrics of steps after its
 * checkpoint, because it writes them again.
 */
public final class TrainingLoop {
    private final Training training;
    private final RunContext run;
    private final String task;

    /**
     * Creates the loop of one training.
     *
     * @param task name for the progress bar, one word
     */
    public TrainingLoop(String task, Training training, RunContext run) {
        this.task = task;
        this.training = training;
        this.run = run;
    }

    /**
     * Trains from the last checkpoint, or from the start if there is none, to the end.
     *
     * @return the last step, counted from the start of the run
     * @throws DivergedException with the step and the last checkpoint, if the training diverges
     * @throws TrainingStoppedException if the user asked for it: after the current step, and after saving
     */
    public long run() throws IOException {
        training.prepare();
        long step = restore();
        Map<String, Double> initial = training.begin(step);
        try (Recorder recorder = Recorder.open(run.directory(), step, run.clock())) {
            if (step == 0) {
                start(recorder, initial);
            }
            while (step < training.steps() && !training.isFinished()) {
                if (run.stopRequested().getAsBoolean()) {
                    stop(step);
                }
                step++;
                Map<String, Double> metrics = step(step);
                recorder.write(step, metrics);
                run.progress().step(task, step, training.steps(), training.summary(metrics));
                recorded(step, metrics);
                recorder.samples(step);
                if (isCheckpointDue(step)) {
                    save(step);
                }
            }
        }
        return step;
    }

    private void start(Recorder recorder, Map<String, Double> initial) throws IOException {
        recorder.samples(0);
        if (!initial.isEmpty()) {
            recorder.write(0, initial);
        }
        if (training.hasInitialCheckpoint()) {
            save(0);
        }
    }

    private boolean isCheckpointDue(long step) {
        return step % training.checkpointEvery() == 0 || step == training.steps() || training.isFinished();
    }

    private Map<String, Double> step(long step) throws IOException {
        try {
            return training.step(step);
        } catch (DivergedException e) {
            throw e.at(step, run.directory().lastCheckpoint());
        } catch (RuntimeException e) {
            keep(step - 1, e);
            throw e;
        }
    }

    private void recorded(long step, Map<String, Double> metrics) throws IOException {
        try {
            training.recorded(step, metrics);
        } catch (DivergedException e) {
            throw e.at(step, run.directory().lastCheckpoint());
        }
    }

    /** Saves the state before a step that failed and changed nothing. */
    private void keep(long step, RuntimeException failure) {
        try {
            boolean isSavable = step > 0 && training.isIntactAfter(failure);
            if (isSavable && !Files.exists(run.directory().checkpoint(step))) {
                save(step);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void stop(long step) throws IOException {
        if (step > 0 && !Files.exists(run.directory().checkpoint(step))) {
            save(step);
        }
        throw new TrainingStoppedException(step);
    }

    private void save(long step) throws IOException {
        AtomicFiles.writeDirectory(run.directory().checkpoint(step), directory -> {
            ObjectNode state = TrainerState.of(training.kind(), step);
            training.save(directory, state);
            TrainerState.write(state, directory);
            Manifest.write(directory);
        });
    }

    private long restore() throws IOException {
        if (run.resumeFrom().isEmpty()) {
            return 0;
        }
        Path checkpoint = run.resumeFrom().get();
        Manifest.verify(checkpoint);
        JsonNode state = TrainerState.read(checkpoint, training.kind());
        training.load(checkpoint, state);
        return TrainerState.step(state);
    }

    /** Writes the metrics of each step to {@code metrics.jsonl} and to TensorBoard, and samples to the latter. */
    public static final class Recorder implements AutoCloseable {
        private final RunDirectory run;
        private final MetricsLog log;
        private final TensorBoardWriter board;

        private Recorder(RunDirectory run, MetricsLog log, TensorBoardWriter board) {
            this.run = run;
            this.log = log;
            this.board = board;
        }

        /**
         * Opens the files of a run and continues after {@code step}; at step 0 the log starts anew.
         */
        public static Recorder open(RunDirectory run, long step, Clock clock) throws IOException {
            MetricsLog log = MetricsLog.resume(run.metrics(), step == 0 ? -1 : step);
            return new Recorder(run, log, TensorBoardWriter.open(run.tensorboard(), step + 1, clock));
        }

        /** Writes the metrics of a step; values that are not finite are null in the log and missing in TensorBoard. */
        public void write(long step, Map<String, Double> metrics) throws IOException {
            Map<String, Double> finite = new LinkedHashMap<>();
            Map<String, Double> all = new LinkedHashMap<>();
            metrics.forEach((name, value) -> {
                all.put(name, Double.isFinite(value) ? value : null);
                if (Double.isFinite(value)) {
                    finite.put(name, value);
                }
            });
            log.write(step, all);
            board.scalars(step, finite);
        }

        /** Writes the samples of a step, if there are any in the run's directory. */
        void samples(long step) throws IOException {
            board.samples(step, run.samples(step));
        }

        /** Writes the samples of a step after the last step, when nothing else is written any more. */
        public static void samples(RunDirectory run, long step, Clock clock) throws IOException {
            try (TensorBoardWriter board = TensorBoardWriter.append(run.tensorboard(), clock)) {
                board.samples(step, run.samples(step));
            }
        }

        @Override
        public void close() throws IOException {
            try (board) {
                log.close();
            }
        }
    }

    /**
     * The environment of a run.
     *
     * @param directory the run directory
     * @param resumeFrom the checkpoint to resume from; empty for a new run
     * @param progress receives the progress
     * @param clock measures durations; no result depends on it
     * @param stopRequested whether to save and stop before the next step
     */
    public record RunContext(
            RunDirectory directory,
            Optional<Path> resumeFrom,
            Progress progress,
            Clock clock,
            BooleanSupplier stopRequested) {
        /** An environment in which nobody asks to stop. */
        public RunContext(RunDirectory directory, Optional<Path> resumeFrom, Progress progress, Clock clock) {
            this(directory, resumeFrom, progress, clock, () -> false);
        }
    }

    /** A run has saved its state and stopped, because the user asked for it. */
    public static final class TrainingStoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final long step;

        TrainingStoppedException(long step) {
            super("stopped after step " + step);
            this.step = step;
        }

        /** The last finished step; it is saved, unless it is 0. */
        public long step() {
            return step;
        }
    }
}
