package org.encore.benchmarks.comparison;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.encore.benchmarks.comparison.Child.Wire;
import org.encore.benchmarks.comparison.Child.Wire.WorkRequest;
import org.encore.benchmarks.comparison.Child.Wire.WorkRequest.Kind;
import org.encore.benchmarks.engines.EncoreEngine;
import org.encore.benchmarks.engines.Engine;
import org.encore.benchmarks.engines.Engine.Decoded;
import org.encore.benchmarks.engines.Engine.LossAndNorm;
import org.encore.benchmarks.engines.LibTorchEngine;
import org.encore.benchmarks.engines.Task;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;

/** The parent's connection to a child. Errors of the child become {@link ChildFailedException}. */
public final class EngineProcess implements AutoCloseable {
    /** Start of the message of a JVM about an uncaught exception. */
    private static final String UNCAUGHT = "Exception in thread";

    private static final int LOOK_AGAIN_MILLIS = 500;
    private static final int MOST_SECONDS_TO_START = 120;
    private static final int MOST_SECONDS_TO_END = 10;
    /** The same for both sides, and enough for either: how far the heap grows shows in the peak of memory. */
    private static final String HEAP = "-Xmx512m";
    /** Of tensors, which otherwise may take no more than the heap. */
    private static final String NO_LIMIT = "-Dorg.bytedeco.javacpp.max";

    private final EngineKind side;
    private final int threads;
    private final Process process;
    private final Path log;
    private final Wire wire;
    private final String description;

    private EngineProcess(EngineKind side, Task task, int threads) throws IOException {
        this.side = side;
        this.threads = threads;
        this.log = Files.createTempFile("encore-bench", ".log");
        log.toFile().deleteOnExit();
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.process = start(task, door.getLocalPort());
            this.wire = answered(door);
        }
        this.description = ask(WorkRequest.of(Kind.DESCRIPTION), String.class);
    }

    /**
     * Starts a child and waits until its engine is ready.
     *
     * @param threads shards of Encore, or threads of LibTorch
     */
    public static EngineProcess open(EngineKind side, Task task, int threads) throws IOException {
        return new EngineProcess(side, task, threads);
    }

    private Process start(Task task, int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag ->
                        !flag.startsWith("-Xm") && !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of(HEAP, NO_LIMIT + "bytes=0", NO_LIMIT + "physicalbytes=0"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of(
                Integer.toString(port),
                side.name(),
                task.size().name(),
                task.work().name(),
                Integer.toString(threads)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(side.environment(threads));
        File output = log.toFile();
        return builder.redirectErrorStream(true).redirectOutput(output).start();
    }

    private Wire answered(ServerSocket door) throws IOException {
        door.setSoTimeout(LOOK_AGAIN_MILLIS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS_TO_START);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Optional<Wire> caller = caller(door);
            if (caller.isPresent()) {
                return caller.get();
            }
        }
        throw failed("did not start");
    }

    private static Optional<Wire> caller(ServerSocket door) throws IOException {
        try {
            return Optional.of(new Wire(door.accept()));
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    public EngineKind side() {
        return side;
    }

    /** Shards of Encore, or threads of LibTorch. */
    public int threads() {
        return threads;
    }

    /** Library and version. */
    public String description() {
        return description;
    }

    /** Loss and norm of the gradient on known codes. */
    public LossAndNorm lossAndNorm(int[][] codes) {
        return ask(WorkRequest.about(Kind.LOSS_AND_NORM, codes), LossAndNorm.class);
    }

    /** Mean cross-entropy of known codes in nats. */
    public double loss(int[][] codes) {
        return ask(WorkRequest.about(Kind.LOSS, codes), Double.class);
    }

    /** Generates, and keeps the log-probabilities. */
    public Decoded generate(int sequences, int steps) {
        return ask(WorkRequest.sized(Kind.PLAY, sequences, steps), Decoded.class);
    }

    /** States of the text, if this side computes them. */
    float[] textStates() {
        return ask(WorkRequest.of(Kind.TEXT_STATES), float[].class);
    }

    /** Hands over states of the text. */
    void readText(float[] states) {
        ask(WorkRequest.reading(states), Integer.class);
    }

    /** Operations a second of products of square matrices on all of the child's threads. */
    public double productRate(int size) {
        return ask(WorkRequest.sized(Kind.PRODUCT_RATE, 0, size), Double.class);
    }

    /** Does the work once. */
    public Repetition repetition() {
        return ask(WorkRequest.of(Kind.REPETITION), Repetition.class);
    }

    /** Bytes that a step allocates on the Java heap; empty if the engine does not measure it, or the work mixes steps. */
    public OptionalDouble heapBytesPerStep() {
        double bytes = ask(WorkRequest.of(Kind.HEAP_BYTES_PER_STEP), Double.class);
        return Double.isNaN(bytes) ? OptionalDouble.empty() : OptionalDouble.of(bytes);
    }

    /** The most physical memory the child has had, in bytes; 0 where the system does not say. */
    public long peakBytes() {
        return ask(WorkRequest.of(Kind.PEAK_MEMORY), Long.class);
    }

    /** Processor time that the child has used. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private <T> T ask(WorkRequest question, Class<T> type) {
        try {
            wire.send(question);
            Optional<Wire.Answer> answer = wire.receive(Wire.Answer.class);
            if (answer.isEmpty()) {
                throw failed("ended early");
            }
            if (answer.get().failure() != null) {
                throw new ChildFailedException(side, "failed: " + answer.get().failure());
            }
            return answer.get().as(type);
        } catch (IOException e) {
            throw failed("cannot be reached any more");
        }
    }

    private ChildFailedException failed(String what) {
        String why;
        awaitLastWords();
        try {
            List<String> lines = Files.readAllLines(log);
            why = lines.stream()
                    .filter(line -> line.startsWith(UNCAUGHT))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "it wrote nothing" : lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.destroy();
        return new ChildFailedException(side, what + ": " + why);
    }

    /** A child closes its connection before its JVM has written why. */
    private void awaitLastWords() {
        try {
            process.waitFor(MOST_SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
        try {
            if (!process.waitFor(MOST_SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(log);
    }

    /** A child failed. */
    public static final class ChildFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ChildFailedException(EngineKind side, String what) {
            super("the process of " + side.name().toLowerCase(Locale.ROOT) + " " + what);
        }
    }

    /**
     * One timed run of a piece of work.
     *
     * @param seconds wall-clock time
     * @param heapBytes bytes that all threads allocated on the Java heap meanwhile
     */
    public record Repetition(double seconds, long heapBytes) {}

    /** Which engine a child runs. */
    public enum EngineKind {
        /** Ours: one single-threaded shard a core. */
        ENCORE {
            @Override
            Engine open(Task task, int threads) {
                return new EncoreEngine(
                        task.size().model(), task.room(), threads, KernelChoice.best(Precision.SINGLE)::open);
            }

            @Override
            Map<String, String> environment(int threads) {
                return Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1");
            }
        },
        /** The peer: one process whose operations use several threads each. */
        LIBTORCH {
            @Override
            Engine open(Task task, int threads) {
                return new LibTorchEngine(task.size().model());
            }

            @Override
            Map<String, String> environment(int threads) {
                String count = Integer.toString(threads);
                return Map.of("OMP_NUM_THREADS", count, "MKL_NUM_THREADS", count);
            }
        };

        /** Opens the engine in this process. */
        abstract Engine open(Task task, int threads);

        /** What the process needs to be started with. */
        abstract Map<String, String> environment(int threads);
    }
}
