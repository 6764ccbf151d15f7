package org.encore.benchmarks.codec;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.encore.benchmarks.codec.CodecChild.Reply;
import org.encore.benchmarks.codec.CodecChild.Request;
import org.encore.benchmarks.codec.CodecChild.Request.Kind;
import org.encore.benchmarks.codec.CodecComparison.CodecFailedException;
import org.encore.benchmarks.comparison.Child.Wire;

/** The parent's connection to a child. */
final class CodecProcess implements AutoCloseable {
    private static final int LOOK_AGAIN_MILLIS = 500;
    private static final int MOST_SECONDS_TO_START = 180;
    private static final int MOST_SECONDS_TO_END = 10;

    private final String side;
    private final int threads;
    private final Process process;
    private final Path log;
    private final Wire wire;

    /** Starts a child and waits until it has called. */
    CodecProcess(String side, int threads) throws IOException {
        this.side = side;
        this.threads = threads;
        this.log = Files.createTempFile("encore-bench", ".log");
        log.toFile().deleteOnExit();
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.process = start(door.getLocalPort());
            this.wire = answered(door);
        }
    }

    private Process start(int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Xm") && !flag.startsWith("-agentlib"))
                .forEach(command::add);
        String limit = "-Dorg.bytedeco.javacpp.max";
        command.addAll(List.of("-Xmx1g", limit + "bytes=0", limit + "physicalbytes=0"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CodecChild.class.getName()));
        command.addAll(List.of(Integer.toString(port), side, Integer.toString(threads)));
        ProcessBuilder builder = new ProcessBuilder(command);
        String own = side.equals(Request.ENCORE) ? "1" : Integer.toString(threads);
        builder.environment().put("OMP_NUM_THREADS", own);
        builder.environment().put("MKL_NUM_THREADS", own);
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
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

    String side() {
        return side;
    }

    int threads() {
        return threads;
    }

    String description() throws IOException {
        return ask(Kind.DESCRIPTION, 0).text();
    }

    /** The numbers of an answer. */
    double[] numbers(Kind kind, int frames) throws IOException {
        return ask(kind, frames).numbers();
    }

    private Reply ask(Kind kind, int frames) throws IOException {
        Optional<Reply> reply = Optional.empty();
        try {
            wire.send(new Request(kind, frames));
            reply = wire.receive(Reply.class);
        } catch (IOException e) {
            throw failed("cannot be reached any more");
        }
        if (reply.isEmpty()) {
            throw failed("ended early");
        }
        if (reply.get().failed()) {
            throw new CodecFailedException(
                    "the process of " + side + " failed: " + reply.get().text());
        }
        return reply.get();
    }

    private CodecFailedException failed(String what) throws IOException {
        process.destroy();
        List<String> lines = Files.readAllLines(log);
        String why = lines.stream()
                .filter(line -> line.startsWith("Exception in thread"))
                .findFirst()
                .orElse(lines.isEmpty() ? "it wrote nothing" : lines.get(lines.size() - 1));
        return new CodecFailedException("the process of " + side + " " + what + ": " + why);
    }

    /** Processor time that the child has used. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
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
}
