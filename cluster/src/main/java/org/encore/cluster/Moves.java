package org.encore.cluster;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts bytes that Spark says it has moved, and passes the end of tasks on. Called by a thread of Spark. */
final class Moves extends SparkListener {
    private static final long PATIENCE_MS = 10_000;

    private long weights;
    private long results;
    private long shuffled;
    private long lost;
    private IntConsumer finished = task -> {};
    private final Set<Integer> known = new HashSet<>();

    /** The first stage submitted after {@link #watch}; -1 until it is. */
    private int stage = -1;

    private boolean awaited;

    /** Reports the tasks of the next stage, each once. */
    synchronized void watch(IntConsumer consumer) {
        finished = consumer;
        known.clear();
        stage = -1;
        awaited = true;
    }

    /** Adds weights that executors have taken over. */
    synchronized void received(long bytes) {
        weights += bytes;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        if (awaited) {
            stage = submitted.stageInfo().stageId();
            awaited = false;
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskMetrics() != null) {
            results += end.taskMetrics().resultSize();
            shuffled += end.taskMetrics().shuffleWriteMetrics().bytesWritten();
        }
        if (end.stageId() == stage
                && end.reason() == Success$.MODULE$
                && known.add(end.taskInfo().index())) {
            finished.accept(end.taskInfo().index());
        }
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        lost++;
    }

    /** The bytes since the last call, after all events of finished jobs. */
    Map<String, Double> metrics(JavaSparkContext context) {
        try {
            context.sc().listenerBus().waitUntilEmpty(PATIENCE_MS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Spark did not report its tasks in time", e);
        }
        synchronized (this) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("cluster/weights_bytes", (double) weights);
            metrics.put("cluster/results_bytes", (double) results);
            metrics.put("cluster/shuffled_bytes", (double) shuffled);
            metrics.put("cluster/executors_lost", (double) lost);
            weights = 0;
            results = 0;
            shuffled = 0;
            lost = 0;
            return metrics;
        }
    }
}
