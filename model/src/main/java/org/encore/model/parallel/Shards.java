package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.encore.model.kernels.Kernels;

/** A fixed number of shards, each with its own kernels, run by a fixed number of threads. */
public final class Shards implements AutoCloseable {
    private final Supplier<Kernels> source;
    private final List<Kernels> kernels = new ArrayList<>();
    private final Throwable[] failures;

    /** Guards what follows. A monitor, because waiting on it allocates nothing. */
    private final Object turn = new Object();

    private IntConsumer task;
    private int next;
    private int unfinished;
    private boolean closed;

    /**
     * Opens kernels and threads.
     *
     * @param count number of shards; sums over a batch are taken shard by shard, so results depend on it
     * @param threads number of threads; results do not depend on it
     */
    public Shards(int count, int threads, Supplier<Kernels> source) {
        if (count < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "shards and threads must be at least 1, but are " + count + " and " + threads);
        }
        this.source = source;
        for (int i = 0; i < count; i++) {
            kernels.add(source.get());
        }
        failures = new Throwable[count];
        next = count;
        for (int i = 0; i < Math.min(count, threads); i++) {
            Thread thread = new Thread(this::work, "encore-shard");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** As many threads as shards, but no more than the machine has processors. */
    public static Shards of(int count, Supplier<Kernels> source) {
        return new Shards(count, Math.min(count, Runtime.getRuntime().availableProcessors()), source);
    }

    /** New shards on kernels of the same kind, one a processor, for work at other times than this one's; the caller closes them. */
    public Shards others() {
        return of(Runtime.getRuntime().availableProcessors(), source);
    }

    public int count() {
        return kernels.size();
    }

    /** The kernels of a shard; only its task may use them while {@link #run} runs. */
    public Kernels kernels(int shard) {
        return kernels.get(shard);
    }

    /** Runs one task for each shard and waits for all; the first failure is thrown, the others are suppressed in it. */
    public <T> List<T> run(IntFunction<T> source) {
        List<T> results = new ArrayList<>(Collections.nCopies(count(), null));
        each(shard -> results.set(shard, source.apply(shard)));
        return results;
    }

    /** {@link #run} without results, and without any allocation. */
    public void each(IntConsumer shardTask) {
        synchronized (turn) {
            if (closed || unfinished > 0) {
                throw new IllegalStateException(closed ? "the shards are closed" : "the shards are running");
            }
            task = shardTask;
            next = 0;
            unfinished = count();
            turn.notifyAll();
            awaitAll();
            task = null;
        }
        throwFailure();
    }

    /** Waits until no shard runs; an interrupt cancels those that have not begun. */
    private void awaitAll() {
        boolean interrupted = false;
        while (unfinished > 0) {
            try {
                turn.wait();
            } catch (InterruptedException e) {
                interrupted = true;
                unfinished -= count() - next;
                next = count();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while shards were running");
        }
    }

    private void work() {
        int shard = take();
        while (shard >= 0) {
            try {
                task.accept(shard);
            } catch (Throwable e) { // thrown again where the task came from
                failures[shard] = e;
            }
            synchronized (turn) {
                unfinished--;
                turn.notifyAll();
            }
            shard = take();
        }
    }

    /** Waits for the next shard to run; -1 after closing. */
    private int take() {
        synchronized (turn) {
            while (next >= count() && !closed) {
                try {
                    turn.wait();
                } catch (InterruptedException e) {
                    return -1; // only the end of the process interrupts
                }
            }
            return closed ? -1 : next++;
        }
    }

    private void throwFailure() {
        RuntimeException failure = null;
        for (int shard = 0; shard < failures.length; shard++) {
            if (failures[shard] != null) {
                failure = joined(failure, failures[shard]);
                failures[shard] = null;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException joined(RuntimeException first, Throwable cause) {
        if (first != null) {
            first.addSuppressed(cause);
            return first;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        synchronized (turn) {
            closed = true;
            turn.notifyAll();
        }
        kernels.forEach(Kernels::close);
    }
}
