package org.encore.app.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.encore.app.terminal.TerminalProgress.ProgressInLines;
import org.junit.jupiter.api.Test;

final class ProgressInLinesTest {
    /** A clock that moves only when told. */
    private static final class HandClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void aLineIsPrintedEveryTenSecondsWithTheTimeLeft() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HandClock clock = new HandClock();
        ProgressInLines progress =
                new ProgressInLines("training", new PrintStream(bytes, true, StandardCharsets.UTF_8), clock, clock.now);
        // A run that resumes from step 100, half an hour after the start: 4 seconds a step.
        clock.now = clock.now.plusSeconds(1800);
        for (int step = 101; step <= 108; step++) {
            clock.now = clock.now.plusSeconds(4);
            progress.step(step, 1100, step == 101 ? "" : "reward 0." + step);
        }
        clock.now = clock.now.plusSeconds(3600);
        progress.step(1100, 1100, "done");
        progress.close();
        assertEquals(
                List.of(
                        "training 101/1100",
                        "training 104/1100, 1 h 06 min left, reward 0.104", // 996 steps = 3984 s
                        "training 107/1100, 1 h 06 min left, reward 0.107", // 993 steps = 3972 s
                        "training 1100/1100, 1 h 30 min in all, done"), // 1800 s + 32 s + 3600 s
                bytes.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void aTaskTookTheTimeSinceTheLastStepOfTheTaskBefore() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HandClock clock = new HandClock();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (TerminalProgress progress = new TerminalProgress(out, clock)) {
            clock.now = clock.now.plusSeconds(5);
            progress.step("evaluating", 1, 2, "");
            clock.now = clock.now.plusSeconds(2);
            progress.step("evaluating", 2, 2, "");
            clock.now = clock.now.plusSeconds(238);
            progress.step("training", 1, 1, "");
        }
        assertEquals(
                List.of("evaluating 1/2", "evaluating 2/2, 7 s in all", "training 1/1, 3 min 58 s in all"),
                bytes.toString(StandardCharsets.UTF_8).lines().toList());
    }
}
