package org.encore.benchmarks.children;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
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
        Side side = Side.valueOf(arguments[1]);
        Work work = Work.valueOf(arguments[2]);
        try (Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
                Engine engine = side.open(work, Integer.parseInt(arguments[3]))) {
            new Child(engine, work).serve(wire);
        }
    }

    private void serve(Wire wire) throws IOException {
        Optional<Question> question = wire.receive(Question.class);
        while (question.isPresent()) {
            wire.send(answer(question.get()));
            question = wire.receive(Question.class);
        }
    }

    private Wire.Answer answer(Question question) {
        try {
            return Wire.Answer.of(value(question));
        } catch (RuntimeException | IOException e) {
            return new Wire.Answer(null, e.toString());
        }
    }

    private Object value(Question question) throws IOException {
        return switch (question.kind()) {
            case DESCRIPTION -> engine.description();
            case LOSS_AND_NORM -> engine.trainWithNorm(question.codes());
            case LOSS -> engine.evaluate(question.codes());
            case PLAY -> engine.decodeWithLogProbs(question.sequences(), question.size());
            case PRODUCT_RATE -> engine.productRate(question.size());
            case REPETITION -> repetition();
            case HEAP_BYTES_PER_STEP -> work.heapBytesPerStep(engine, codes);
            case PEAK_MEMORY -> Memory.peakBytes();
        };
    }

    private Repetition repetition() {
        long before = HeapGauge.allThreads();
        long start = System.nanoTime();
        work.run(engine, codes);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Repetition(seconds, HeapGauge.allThreads() - before);
    }
}
