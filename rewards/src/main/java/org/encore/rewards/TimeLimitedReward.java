package org.encore.rewards;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.encore.base.settings.Checks;

/**
 * Gives another reward a limited time for each batch, so that one that hangs cannot hold up a run for ever.
 *
 * <p>A batch is scored in a thread of its own. Java cannot end a thread that does not listen: a reward that has run out
 * of time is interrupted, and until it has really returned every further batch fails at once, because a reward is never
 * called from two threads. Such a thread does not keep the process alive.
 */
public final class TimeLimitedReward implements RewardModel, AutoCloseable {
    /** The most seconds that rewards of unknown make have for a batch, unless a configuration says otherwise. */
    public static final double USUAL_SECONDS = 600.0;

    private static final double NANOS = 1e9;

    private final RewardModel reward;
    private final double seconds;

    /** The thread that ran out of time, or null. */
    private Thread overdue;

    /**
     * Wraps a reward.
     *
     * @param seconds the most time for one batch, above 0 and finite
     */
    public TimeLimitedReward(RewardModel reward, double seconds) {
        Checks.above("timeoutSeconds", seconds, 0.0);
        this.reward = reward;
        this.seconds = seconds;
    }

    /** The reward that has the limit. */
    public RewardModel reward() {
        return reward;
    }

    @Override
    public String id() {
        return reward.id();
    }

    /**
     * Scores a batch.
     *
     * @throws RewardFailure if the time is up
     */
    @Override
    public List<Score> score(List<Sample> batch) {
        if (overdue != null && overdue.isAlive()) {
            throw new RewardFailure(id(), "is still busy with an earlier batch after its " + seconds + " s were up");
        }
        FutureTask<List<Score>> task = new FutureTask<>(() -> reward.score(batch));
        Thread thread = new Thread(task, "reward " + id());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get((long) (seconds * NANOS), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abandon(thread);
            throw new RewardFailure(id(), "returned nothing for " + batch.size() + " samples within " + seconds + " s");
        } catch (InterruptedException e) {
            abandon(thread);
            Thread.currentThread().interrupt();
            throw new RewardFailure(id(), "was interrupted");
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private void abandon(Thread thread) {
        thread.interrupt();
        overdue = thread;
    }

    private RuntimeException unwrapped(Throwable thrown) {
        if (thrown instanceof Error error && !(error instanceof LinkageError)) {
            throw error;
        }
        return thrown instanceof RewardFailure failure ? failure : new RewardFailure(id(), thrown);
    }

    /** Closes the reward, if it can be closed and is not stuck. */
    @Override
    public void close() throws Exception {
        if (reward instanceof AutoCloseable closeable && (overdue == null || !overdue.isAlive())) {
            closeable.close();
        }
    }
}
