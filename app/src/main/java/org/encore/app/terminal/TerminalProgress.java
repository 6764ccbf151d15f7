package org.encore.app.terminal;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.encore.run.Progress;

/**
 * Shows the progress and the remaining time of a run on standard error: a bar on a terminal, elsewhere a line every ten
 * seconds.
 */
public final class TerminalProgress implements Progress, AutoCloseable {
    private final PrintStream out;
    private final Clock clock;
    private String task;
    private Display display;
    // A step is told of when it is done: the time of a task counts from the last step of the task before.
    private Instant lastStep;

    public TerminalProgress() {
        this(System.err, Clock.systemUTC());
    }

    TerminalProgress(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.lastStep = clock.instant();
    }

    @Override
    public void step(String next, long done, long total, String summary) {
        if (!next.equals(task)) {
            close();
            task = next;
            // Set by the launcher, because Java cannot detect a terminal.
            display = Boolean.getBoolean("encore.stderr.terminal")
                    ? new ProgressOnBar(next, out)
                    : new ProgressInLines(next, out, clock, lastStep);
        }
        display.step(done, total, summary);
        lastStep = clock.instant();
    }

    @Override
    public void close() {
        if (display != null) {
            display.close();
            display = null;
            task = null;
        }
    }

    /** The display of one task. */
    sealed interface Display {
        void step(long done, long total, String summary);

        void close();
    }

    /** Plain lines for logs: the first step, then one line every ten seconds, then the last step. */
    static final class ProgressInLines implements Display {
        private static final Duration INTERVAL = Duration.ofSeconds(10);

        private final String task;
        private final PrintStream out;
        private final Clock clock;
        private final Instant started;
        private Instant printed;
        private Instant firstSeen;
        private long firstDone;

        ProgressInLines(String task, PrintStream out, Clock clock, Instant started) {
            this.task = task;
            this.out = out;
            this.clock = clock;
            this.started = started;
            this.printed = clock.instant().minus(INTERVAL);
        }

        @Override
        public void step(long done, long total, String summary) {
            Instant now = clock.instant();
            if (firstSeen == null) {
                firstSeen = now;
                firstDone = done;
            }
            if (done < total && Duration.between(printed, now).compareTo(INTERVAL) < 0) {
                return;
            }
            printed = now;
            String metrics = summary.isEmpty() ? "" : ", " + summary;
            out.println(task + " " + done + "/" + total + timeLeft(done, total, now) + metrics);
        }

        @Override
        public void close() {
            out.flush();
        }

        /**
         * Empty at the first call: the time before it includes loading, and says nothing about the speed of a step.
         */
        private String timeLeft(long done, long total, Instant now) {
            if (done >= total) {
                return ", " + shown(Duration.between(started, now)) + " in all";
            }
            if (done == firstDone) {
                return "";
            }
            long millis = Duration.between(firstSeen, now).toMillis() * (total - done) / (done - firstDone);
            return ", " + shown(Duration.ofMillis(millis)) + " left";
        }

        private static String shown(Duration duration) {
            if (duration.toHours() > 0) {
                return String.format(Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart());
            }
            if (duration.toMinutes() > 0) {
                return String.format(Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
            }
            return duration.toSeconds() + " s";
        }
    }

    /** A bar that is redrawn in place. */
    static final class ProgressOnBar implements Display {
        private static final int REDRAW_MILLIS = 250;

        private final String task;
        private final PrintStream out;
        private ProgressBar bar;

        ProgressOnBar(String task, PrintStream out) {
            this.task = task;
            this.out = out;
        }

        @Override
        public void step(long done, long total, String summary) {
            if (bar == null) {
                // The first step includes loading, and those from before a resume say nothing of this process: its
                // speed is
                // that of the steps to come.
                bar = new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total)
                        .startsFrom(done, Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(REDRAW_MILLIS)
                        .setConsumer(new ConsoleProgressBarConsumer(out))
                        .build();
            }
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(summary);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
