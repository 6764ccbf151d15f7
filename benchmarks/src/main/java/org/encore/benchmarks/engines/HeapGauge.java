package org.encore.benchmarks.engines;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Counts what threads allocate on the Java heap while sequences are generated, between two of their steps.
 *
 * <p>Each step of a sequence draws one number from its randomness, in the thread that generates it. The counters are read
 * there, so only the steps count, not the start of a sequence or its delivery.
 */
public final class HeapGauge {
    private final int firstStep;
    private final int lastStep;
    private final long[] threads;
    private final long[] atFirst;
    private final long[] atLast;

    /** Counts from the draw of one step to the draw of another, both counted from 1. */
    HeapGauge(int sequences, int firstStep, int lastStep) {
        if (firstStep < 1 || lastStep <= firstStep) {
            throw new IllegalArgumentException(
                    "steps must begin at 1 and grow, but are " + firstStep + " and " + lastStep);
        }
        this.firstStep = firstStep;
        this.lastStep = lastStep;
        this.threads = new long[sequences];
        this.atFirst = new long[sequences];
        this.atLast = new long[sequences];
    }

    private static ThreadMXBean counters() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    /** Bytes that all living threads have ever allocated on the Java heap. */
    public static long allThreads() {
        long sum = 0;
        for (long bytes : counters().getThreadAllocatedBytes(counters().getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    /**
     * Median of the bytes that all threads allocate on the Java heap while something is done once. All that live when it is
     * called count; reading their counters allocates nothing.
     */
    static double medianOf(int times, Runnable work) {
        ThreadMXBean counters = counters();
        long[] ids = counters.getAllThreadIds();
        double[] bytes = new double[times];
        for (int i = 0; i < times; i++) {
            long before = sum(counters, ids);
            work.run();
            bytes[i] = sum(counters, ids) - before;
        }
        return StatUtils.percentile(bytes, 50.0);
    }

    private static long sum(ThreadMXBean counters, long[] ids) {
        long sum = 0;
        for (long id : ids) {
            sum += Math.max(0, counters.getThreadAllocatedBytes(id));
        }
        return sum;
    }

    /** The randomness of a sequence, watched. */
    RandomGenerator watched(int sequence, RandomGenerator source) {
        return new Watched(sequence, source, counters());
    }

    private final class Watched implements RandomGenerator {
        private final int sequence;
        private final RandomGenerator source;
        private final ThreadMXBean counters;
        private int step;

        Watched(int sequence, RandomGenerator source, ThreadMXBean counters) {
            this.sequence = sequence;
            this.source = source;
            this.counters = counters;
        }

        @Override
        public long nextLong() {
            return source.nextLong();
        }

        @Override
        public double nextDouble() {
            step++;
            if (step == firstStep) {
                threads[sequence] = Thread.currentThread().getId();
                atFirst[sequence] = counters.getThreadAllocatedBytes(threads[sequence]);
            } else if (step == lastStep) {
                atLast[sequence] = counters.getThreadAllocatedBytes(threads[sequence]);
            }
            return source.nextDouble();
        }
    }

    /**
     * Bytes that a step of all sequences allocated, in the mean, by the threads that generated them.
     *
     * @throws IllegalStateException if a sequence ended before the last step
     */
    double bytesPerStep() {
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < threads.length; i++) {
            if (atLast[i] == 0) {
                throw new IllegalStateException("sequence " + i + " ended before step " + lastStep);
            }
            byThread.merge(threads[i], atLast[i] - atFirst[i], Math::max);
        }
        long sum = byThread.values().stream().mapToLong(Long::longValue).sum();
        return (double) sum / (lastStep - firstStep);
    }
}
