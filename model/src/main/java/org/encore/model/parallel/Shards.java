package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.encore.model.kernels.Kernels;

/** A fixed number of shards, each with its own kernels, run by a fixed pool of threads. */
public final class Shards implements AutoCloseable {
    private final List<Kernels> kernels = new ArrayList<>();
    private final ThreadPoolExecutor pool;

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
        for (int i = 0; i < count; i++) {
            kernels.add(source.get());
        }
        pool = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(count), task -> {
            Thread thread = new Thread(task, "encore-shard");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** As many threads as shards, but no more than the machine has processors. */
    public static Shards of(int count, Supplier<Kernels> source) {
        return new Shards(count, Math.min(count, Runtime.getRuntime().availableProcessors()), source);
    }

    public int count() {
        return kernels.size();
    }

    /** The kernels of a shard; only its task may use them while {@link #run} runs. */
    public Kernels kernels(int shard) {
        return kernels.get(shard);
    }

    /** Runs one task for each shard and waits for all; the first failure is thrown, the others are suppressed in it. */
    public <T> List<T> run(IntFunction<T> task) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            int shard = i;
            futures.add(pool.submit(() -> task.apply(shard)));
        }
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                failure = joined(failure, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while shards were running", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
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
        pool.shutdownNow();
        kernels.forEach(Kernels::close);
    }
}
