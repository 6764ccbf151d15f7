package org.encore.app.terminal;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that redraws itself in place. */
final class ProgressOnBar implements TerminalProgress {
    private static final int REDRAW_MILLIS = 250;

    private final String task;
    private final PrintStream out;
    private ProgressBar bar;

    ProgressOnBar(String task, PrintStream out) {
        this.task = task;
        this.out = out;
    }

    @Override
    public void step(long done, long total, String postfix) {
        if (bar == null) {
            // What an earlier part of the run has done says nothing about the speed of this one.
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .startsFrom(Math.max(0, done - 1), Duration.ZERO)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REDRAW_MILLIS)
                    .setConsumer(new ConsoleProgressBarConsumer(out))
                    .build();
        }
        bar.maxHint(total);
        bar.stepTo(done);
        bar.setExtraMessage(postfix);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
