package org.encore.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.learning.DivergedException;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.ShardCluster.Answer;
import org.encore.trainer.finetuning.ShardCluster.Failure;
import org.encore.trainer.finetuning.ShardCluster.Failure.Kind;
import org.encore.trainer.finetuning.ShardHost;
import org.encore.trainer.finetuning.ShardTask;
import org.encore.trainer.finetuning.ShardTask.Network;

/** The networks of a run on an executor: opened by the first task that needs them, and kept as long as its process lives. */
final class ExecutorHost {
    /** One for each run; in fact one, because a Spark application has one run. */
    private static final Map<String, ExecutorHost> HOSTS = new ConcurrentHashMap<>();

    private final ShardHost host;
    private final Map<Network, Long> versions = new EnumMap<>(Network.class);

    private ExecutorHost(ShardHost host) {
        this.host = host;
    }

    /**
     * All that an executor is told about a run.
     *
     * @param run its name among others
     * @param settings see {@link SentSettings}
     * @param base directory of the initial model
     * @param sha256 of its weights
     * @param shards of a task
     * @param probe the checksum that kernels must have, and the kernels that gave it
     * @param tolerant whether another checksum is accepted
     */
    record Told(
            String run,
            String settings,
            String base,
            String sha256,
            int shards,
            String probe,
            String kernels,
            boolean tolerant)
            implements Serializable {}

    /**
     * A task done, with what it leaves.
     *
     * @param gradients by shard; none if the task failed or leaves none
     * @param received bytes of weights that came for it
     */
    record Done<R>(Answer<R> answer, ArrayList<byte[]> gradients, long received) implements Serializable {}

    /** Does a task with given weights. */
    static <R> Done<R> run(Told told, ShardTask<R> task, Map<Network, SentWeights> weights) {
        long start = System.nanoTime();
        try {
            ExecutorHost host = of(told);
            synchronized (host) {
                long received = host.update(weights);
                // Before and not after: a task that was stopped half-way must leave nothing to the next.
                task.gradient().ifPresent(host.host::discard);
                R value = host.host.run(task);
                return new Done<>(
                        new Answer<>(value, null, name(), (System.nanoTime() - start) / 1e9),
                        new ArrayList<>(),
                        received);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError | LinkageError e) {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Done<>(new Answer<>(null, failure(e), name(), seconds), new ArrayList<>(), 0);
        }
    }

    private static ExecutorHost of(Told told) throws IOException {
        synchronized (HOSTS) {
            ExecutorHost known = HOSTS.get(told.run);
            if (known == null) {
                known = new ExecutorHost(open(told));
                HOSTS.put(told.run, known);
            }
            return known;
        }
    }

    /** Ends the networks of a run in this process. */
    static void close(String run) {
        ExecutorHost known = HOSTS.remove(run);
        if (known != null) {
            known.host.close();
        }
    }

    private static ShardHost open(Told told) throws IOException {
        FineTuneSettings settings = SentSettings.read(told.settings);
        KernelChoice kernels = KernelChoice.best(Precision.SINGLE);
        ShardHost host = ShardHost.open(settings, Path.of(told.base), told.sha256, told.shards, kernels::open);
        String probe = host.probe();
        if (!told.tolerant && !probe.equals(told.probe)) {
            String own = host.kernels();
            host.close();
            throw new IllegalArgumentException("its kernels give other bits than those of the driver (checksum " + probe
                    + " of " + own + ", not " + told.probe + " of " + told.kernels
                    + "): take machines with the same kind of processor, or --cluster-unequal tolerate, which gives up"
                    + " that runs are equal bit for bit");
        }
        return host;
    }

    /** Takes the weights over that have changed. */
    private long update(Map<Network, SentWeights> weights) {
        long received = 0;
        for (Map.Entry<Network, SentWeights> each : weights.entrySet()) {
            SentWeights sent = each.getValue();
            if (versions.getOrDefault(each.getKey(), 0L) == sent.version()) {
                continue;
            }
            int count = sent.chunks().size();
            CompletableFuture<byte[]> next = count == 0 ? null : fetch(sent, 0);
            for (int i = 0; i < count; i++) {
                byte[] bytes = next.join();
                next = i + 1 < count ? fetch(sent, i + 1) : null;
                if (SentWeights.sum(bytes) != sent.sums().get(i)) {
                    throw new IllegalStateException("a chunk of weights was damaged on its way");
                }
                host.write(each.getKey(), i * sent.chunkElements(), bytes);
                received += bytes.length;
            }
            versions.put(each.getKey(), sent.version());
        }
        return received;
    }

    /** A chunk on its way, while the one before is written. */
    private static CompletableFuture<byte[]> fetch(SentWeights sent, int chunk) {
        return CompletableFuture.supplyAsync(() -> sent.chunks().get(chunk).value());
    }

    /**
     * The gradients that the last task of this process has left, piece by piece, shard by shard.
     *
     * @param chunk most elements of a piece
     * @param piece makes something of a piece: of a shard of the task, from an element on
     */
    static <T> Iterator<T> gradients(Told told, Network network, int chunk, Piece<T> piece) {
        ShardHost host = HOSTS.get(told.run).host;
        int all = host.trained(network);
        int pieces = (int) (((long) all + chunk - 1) / chunk);
        return IntStream.range(0, host.shards() * pieces)
                .mapToObj(i -> {
                    int from = i % pieces * chunk;
                    return piece.of(
                            i / pieces, from, host.gradient(network, i / pieces, from, Math.min(chunk, all - from)));
                })
                .iterator();
    }

    /** Makes something of a piece of a gradient. */
    @FunctionalInterface
    interface Piece<T> {
        T of(int shard, int from, byte[] values);
    }

    /** Names this process and its machine. */
    static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            host = "a host without a name";
        }
        return "executor " + SparkEnv.get().executorId() + " on " + host;
    }

    private static Failure failure(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return new Failure(kind(thrown, message), message, trace.toString());
    }

    private static Kind kind(Throwable thrown, String message) {
        // Memory outside of the heap is JavaCPP's, which says so in words.
        if (thrown instanceof OutOfMemoryError || message.contains("Physical memory usage is too high")) {
            return Kind.MEMORY;
        }
        if (thrown instanceof DivergedException) {
            return Kind.DIVERGED;
        }
        return thrown instanceof IllegalArgumentException
                        || thrown instanceof InvalidFileException
                        || thrown instanceof IOException
                ? Kind.INPUT
                : Kind.DEFECT;
    }
}
