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
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.Manifest;
import org.encore.model.learning.DivergedException;

/**
 * The loop of every training: resume, step, record, show progress, stop where it diverges, save.
 *
 * <p>Checkpoints are written beside their place and renamed, with a manifest of checksums; metrics behind the checkpoint that a
 * run resumes from are dropped, because they will be written again.
 */
public final class TrainingLoop {
    private final Training training;
    private final RunContext run;
    private final String task;

    /**
     * Names what is trained.
     *
     * @param task one word for the progress bar
     */
    public TrainingLoop(String task, Training training, RunContext run) {
        this.task = task;
        this.training = training;
        this.run = run;
    }

    /**
     * Trains from the last checkpoint, if the run has one, to the end.
     *
     * @return the last step, those before an interruption included
     * @throws DivergedException with the step and the last checkpoint, if the training diverges
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
                step++;
                Map<String, Double> metrics = step(step);
                recorder.write(step, metrics);
                run.progress().step(task, step, training.steps(), training.summary(metrics));
                recorded(step, metrics);
                if (isCheckpointDue(step)) {
                    save(step);
                }
            }
        }
        return step;
    }

    private void start(Recorder recorder, Map<String, Double> initial) throws IOException {
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

    /** Saves what was learned before a step that failed and changed nothing. */
    private void keep(long step, RuntimeException failure) {
        try {
            boolean isWorthIt = step > 0 && training.isIntactAfter(failure);
            if (isWorthIt && !Files.exists(run.directory().checkpoint(step))) {
                save(step);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
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

    /** Writes the figures of a run, step by step, to {@code metrics.jsonl} and TensorBoard alike. */
    public static final class Recorder implements AutoCloseable {
        private final MetricsLog log;
        private final TensorBoardWriter board;

        private Recorder(MetricsLog log, TensorBoardWriter board) {
            this.log = log;
            this.board = board;
        }

        /**
         * Starts the files of a run, or goes on behind {@code step} if it is above 0; a run that was interrupted before its
         * first checkpoint starts anew, and so does its log.
         */
        public static Recorder open(RunDirectory run, long step, Clock clock) throws IOException {
            MetricsLog log = MetricsLog.resume(run.metrics(), step == 0 ? -1 : step);
            return new Recorder(log, TensorBoardWriter.open(run.tensorboard(), step + 1, clock));
        }

        /** Writes the figures of a step; those that are not finite stay out of TensorBoard and are null in the log. */
        public void write(long step, Map<String, Double> figures) throws IOException {
            Map<String, Double> finite = new LinkedHashMap<>();
            Map<String, Double> all = new LinkedHashMap<>();
            figures.forEach((name, value) -> {
                all.put(name, Double.isFinite(value) ? value : null);
                if (Double.isFinite(value)) {
                    finite.put(name, value);
                }
            });
            log.write(step, all);
            board.scalars(step, finite);
        }

        @Override
        public void close() throws IOException {
            try (board) {
                log.close();
            }
        }
    }

    /**
     * What a run is given from outside.
     *
     * @param directory where it writes
     * @param resumeFrom the checkpoint it goes on from, if it does
     * @param progress hears how far it is
     * @param clock tells the time of what is measured; nothing that is computed depends on it
     */
    public record RunContext(RunDirectory directory, Optional<Path> resumeFrom, Progress progress, Clock clock) {}
}
