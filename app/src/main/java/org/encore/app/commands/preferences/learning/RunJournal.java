package org.encore.app.commands.preferences.learning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.encore.preferences.training.TrainingJournal;
import org.encore.run.RunContext;
import org.encore.run.RunRecorder;

/** Records a training of a preference model in the directory of a run. */
final class RunJournal implements TrainingJournal, AutoCloseable {
    private final RunContext run;
    private RunRecorder recorder;

    RunJournal(RunContext run) {
        this.run = run;
    }

    @Override
    public Optional<Path> resumeFrom() {
        return run.resumeFrom();
    }

    @Override
    public Optional<Path> lastCheckpoint() throws IOException {
        return run.directory().lastCheckpoint();
    }

    @Override
    public Path checkpoint(long step) {
        return run.directory().checkpoint(step);
    }

    @Override
    public void begin(long step) throws IOException {
        recorder = RunRecorder.open(run.directory(), step, run.clock());
    }

    @Override
    public void record(long step, Map<String, Double> metrics) throws IOException {
        recorder.write(step, metrics);
    }

    @Override
    public void progress(long step, long total, String postfix) {
        run.progress().step(step, total, postfix);
    }

    @Override
    public void close() throws IOException {
        if (recorder != null) {
            recorder.close();
        }
    }
}
