package org.encore.benchmarks.children;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.benchmarks.children.Wire.WorkRequest;
import org.encore.benchmarks.engines.Engine;
import org.encore.benchmarks.engines.HeapGauge;
import org.encore.benchmarks.engines.Work;

/** The process that holds one engine and does what it is asked. */
public final class Child {
    private final Engine engine;
    private final Work work;
    private final int[][] codes;

    private Child(Engine engine, Work work) {
        this.engine = engine;
        this.work = work;
        this.codes = Work.codes(work.room());
    }

    /** Serves until the parent hangs up. Arguments: port, side, work, threads. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        EngineKind side = EngineKind.valueOf(arguments[1]);
        Work work = Work.valueOf(arguments[2]);
        try (Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
                Engine engine = side.open(work, Integer.parseInt(arguments[3]))) {
            new Child(engine, work).serve(wire);
        }
    }

    private void serve(Wire wire) throws IOException {
        Optional<WorkRequest> question = wire.receive(WorkRequest.class);
        while (question.isPresent()) {
            wire.send(answer(question.get()));
            question = wire.receive(WorkRequest.class);
        }
    }

    private Wire.Answer answer(WorkRequest question) {
        try {
            return Wire.Answer.of(value(question));
        } catch (RuntimeException | IOException e) {
            return new Wire.Answer(null, e.toString());
        }
    }

    private Object value(WorkRequest question) throws IOException {
        return switch (question.kind()) {
            case DESCRIPTION -> engine.description();
            case LOSS_AND_NORM -> engine.trainWithNorm(question.codes());
            case LOSS -> engine.evaluate(question.codes());
            case PLAY -> engine.decodeWithLogProbs(question.sequences(), question.size());
            case PRODUCT_RATE -> engine.productRate(question.size());
            case REPETITION -> repetition();
            case HEAP_BYTES_PER_STEP -> work.heapBytesPerStep(engine, codes);
            case PEAK_MEMORY -> ProcessMemory.peakBytes();
        };
    }

    private Repetition repetition() {
        long before = HeapGauge.allThreads();
        long start = System.nanoTime();
        work.run(engine, codes);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Repetition(seconds, HeapGauge.allThreads() - before);
    }

    /** What this process has taken. */
    static final class ProcessMemory {
        private static final Path STATUS = Path.of("/proc/self/status");
        private static final String PEAK = "VmHWM:";

        private ProcessMemory() {}

        /** The most physical memory the process has had, in bytes; 0 where the system does not say. */
        static long peakBytes() throws IOException {
            if (!Files.exists(STATUS)) {
                return 0;
            }
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(PEAK)) {
                    String kilobytes =
                            line.substring(PEAK.length()).replace("kB", "").strip();
                    return Long.parseLong(kilobytes) * 1024;
                }
            }
            return 0;
        }
    }
}
