package org.encore.app.terminal;

import java.time.Clock;
import org.encore.trainer.runs.Progress;

/**
 * Shows on standard error how far a run has come and how long it will take: a bar on a terminal, elsewhere a line every
 * ten seconds.
 */
public sealed interface TerminalProgress extends Progress, AutoCloseable permits ProgressOnBar, ProgressInLines {
    /**
     * Chooses what suits the place that standard error goes to; the launcher says which it is, because Java cannot tell.
     *
     * @param task one word for what is done, e.g. "training"
     */
    static TerminalProgress open(String task) {
        return Boolean.getBoolean("encore.stderr.terminal")
                ? new ProgressOnBar(task, System.err)
                : new ProgressInLines(task, System.err, Clock.systemUTC());
    }

    @Override
    void close();
}
