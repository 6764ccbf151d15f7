package org.encore.rewards;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.encore.base.settings.Checks;

/**
 * Limits the time of another reward per batch, so that a reward that hangs does not block a run.
 *
 * <p>Each batch is scored in a daemon thread. After the limit the thread is interrupted; Java cannot stop a thread that
 * ignores this, so until it returns every further batch fails at once, because a reward is never called from two
 * threads.
 */
public final class TimeLimitedReward implements RewardModel, AutoCloseable {
    /** Default time limit of external rewards, in seconds per batch. */
    public static final double USUAL_SECONDS = 600.0;

    private static final double NANOS = 1e9;

    private final RewardModel reward;
    private final double seconds;

    /** The thread that ran out of time, or null. */
    private Thread overdue;

    /**
     * Wraps a reward.
     *
     * @param seconds time limit per batch, above 0 and finite
     */
    public TimeLimitedReward(RewardModel reward, double seconds) {
        Checks.above("timeoutSeconds", seconds, 0.0);
        this.reward = reward;
        this.seconds = seconds;
    }

    /** The wrapped reward. */
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
     * @throws RewardFailure if the time limit is exceeded
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

    /** Closes the reward if it is closeable and not busy. */
    @Override
    public void close() throws Exception {
        if (reward instanceof AutoCloseable closeable && (overdue == null || !overdue.isAlive())) {
            closeable.close();
        }
    }
}
