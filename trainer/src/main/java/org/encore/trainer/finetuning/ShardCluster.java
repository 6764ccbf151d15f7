package org.encore.trainer.finetuning;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.encore.model.learning.DivergedException;
import org.encore.run.Progress;
import org.encore.trainer.finetuning.ShardTask.Network;

/**
 * The processes of a cluster, which do the work of shards. It carries tasks, weights and gradients; what they mean and the order of
 * results is not its matter. An executor opens a {@link ShardHost} and runs tasks with it.
 */
public interface ShardCluster extends AutoCloseable {
    /**
     * Makes the processes ready for a run: each loads the networks and proves that its kernels give the bits of this process.
     *
     * @throws IllegalArgumentException if one cannot, naming it
     */
    void open(Session session, Progress progress);

    /** Neighbouring shards of one task: a divisor of the number of shards. */
    int shardsPerTask();

    /**
     * Runs tasks, again where a process was lost.
     *
     * @param weights of the networks; sent where the tasks read them and they have changed
     * @param gradients receives the sum of the tasks' gradients in the order of their shards, if they leave any
     * @param finished is told the number of each task that is done
     * @return the answers in the order of the tasks
     */
    <R> List<Answer<R>> run(List<ShardTask<R>> tasks, Weights weights, Gradients gradients, IntConsumer finished);

    /** What has been moved since the last call, by metric name. */
    Map<String, Double> metrics();

    @Override
    void close();

    /**
     * A run.
     *
     * @param settings of the run
     * @param base directory of the initial model, from the root
     * @param sha256 of its weights
     * @param shards of the run
     * @param probe what {@link ShardHost#probe()} gives in this process
     * @param kernels description of this process's kernels
     */
    record Session(FineTuneSettings settings, Path base, String sha256, int shards, String probe, String kernels) {}

    /**
     * What became of a task.
     *
     * @param value its result; null if it failed
     * @param failure why it failed; null if it did not
     * @param executor name and host of the process
     * @param seconds that it took there
     */
    record Answer<R>(R value, Failure failure, String executor, double seconds) implements Serializable {
        /** The failure, if there is one. */
        public Optional<Failure> failed() {
            return Optional.ofNullable(failure);
        }
    }

    /**
     * Why a task failed, and would fail again elsewhere.
     *
     * @param kind who has to do something about it
     * @param message in one line
     * @param trace the stack trace there
     */
    record Failure(Kind kind, String message, String trace) implements Serializable {
        /** Kinds of failures. */
        public enum Kind {
            /** A file, a setting or a processor is not as it must be. */
            INPUT,
            /** There is too little memory. */
            MEMORY,
            /** The training diverged. */
            DIVERGED,
            /** Anything else. */
            DEFECT
        }

        /** The failure as this process would have thrown it, with the name of the executor. */
        public RuntimeException thrownBy(String executor) {
            String line = executor + ": " + message;
            return switch (kind) {
                case INPUT -> new IllegalArgumentException(line);
                case MEMORY ->
                    new IllegalArgumentException(
                            line + "; give the executors more memory (--cluster-conf spark.executor.memory=…), or lower"
                                    + " compute.microBatch or rollout.batch");
                case DIVERGED -> new DivergedException(line);
                case DEFECT -> new IllegalStateException(line + System.lineSeparator() + trace);
            };
        }
    }

    /** The present weights of this process. */
    interface Weights {
        /** Changes when the weights do; 0 as long as they are those that a {@link ShardHost} starts with. */
        long version(Network network);

        /** How many weights are trained. */
        int trained(Network network);

        /** Some trained weights, as little-endian floats. */
        byte[] read(Network network, int from, int count);
    }

    /** Receives gradients, as little-endian floats. */
    @FunctionalInterface
    interface Gradients {
        void write(Network network, int from, byte[] values);
    }

    /** Starts clusters; there is one if the module {@code cluster} is on the class path. */
    interface Provider {
        /**
         * Starts or joins a cluster.
         *
         * @param options what the user asked for
         * @throws IllegalArgumentException if that is not possible, in one line
         */
        ShardCluster start(Options options);
    }

    /**
     * What the user asked for.
     *
     * @param master address of the cluster, e.g. {@code local-cluster[2,2,2048]} or {@code spark://host:7077}
     * @param properties settings of the cluster by name
     * @param toleratesUnequal whether executors may take part whose kernels give other bits
     */
    record Options(String master, Map<String, String> properties, boolean toleratesUnequal) {}

    /** The cluster itself failed, not the work. */
    final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** A failure that says what happened, in one line. */
        public LostException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
