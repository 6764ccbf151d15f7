package org.encore.run;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the figures of a run, step by step, to {@code metrics.jsonl} and TensorBoard alike. */
public final class RunRecorder implements AutoCloseable {
    private final MetricsLog log;
    private final TensorBoardWriter board;

    private RunRecorder(MetricsLog log, TensorBoardWriter board) {
        this.log = log;
        this.board = board;
    }

    /**
     * Starts the files of a run, or goes on behind {@code step} if it is above 0; a run that was interrupted before its
     * first checkpoint starts anew, and so does its log.
     */
    public static RunRecorder open(RunDirectory run, long step, Clock clock) throws IOException {
        MetricsLog log = MetricsLog.resume(run.metrics(), step == 0 ? -1 : step);
        return new RunRecorder(log, TensorBoardWriter.open(run.tensorboard(), step + 1, clock));
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
