package org.encore.benchmarks.comparison;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.encore.benchmarks.children.EngineProcess;
import org.encore.benchmarks.children.Repetition;
import org.encore.trainer.runs.Progress;

/** Lets one child at a time compute, and only after all of them have come to rest. */
final class Turns {
    private static final int LOOK_MILLIS = 200;
    private static final int MOST_LOOKS = 25;
    /** Threads that wait busily, compilers and collectors go on after an answer; this little is rest. */
    private static final Duration REST = Duration.ofMillis(20);

    private final Progress progress;
    private final int total;
    private int done;

    Turns(Progress progress, int total) {
        this.progress = progress;
        this.total = total;
    }

    /** One repetition of one child, while the others rest. */
    Repetition take(EngineProcess child, String what, List<EngineProcess> all) {
        awaitRest(all);
        Repetition repetition = child.repetition();
        done++;
        progress.step(
                done,
                total,
                String.format(
                        Locale.ROOT,
                        "%s, %s: %.2f s",
                        what,
                        child.side().name().toLowerCase(Locale.ROOT),
                        repetition.seconds()));
        return repetition;
    }

    /** Repetitions that were planned and will not be. */
    void skip(int repetitions) {
        done += repetitions;
    }

    private static void awaitRest(List<EngineProcess> all) {
        Duration before = processorTime(all);
        for (int look = 0; look < MOST_LOOKS; look++) {
            pause();
            Duration now = processorTime(all);
            if (now.minus(before).compareTo(REST) <= 0) {
                return;
            }
            before = now;
        }
    }

    private static Duration processorTime(List<EngineProcess> all) {
        return all.stream().map(EngineProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    private static void pause() {
        try {
            // Nobody counts down: the rate of processor time can only be seen over time.
            new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for its turn", e);
        }
    }
}
