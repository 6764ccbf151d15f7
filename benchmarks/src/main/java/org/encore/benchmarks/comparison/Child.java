package org.encore.benchmarks.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.benchmarks.comparison.Child.Wire.WorkRequest;
import org.encore.benchmarks.comparison.EngineProcess.EngineKind;
import org.encore.benchmarks.comparison.EngineProcess.Repetition;
import org.encore.benchmarks.engines.Engine;
import org.encore.benchmarks.engines.HeapGauge;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;

/** The child process: holds one engine and answers requests. */
public final class Child {
    private final Engine engine;
    private final Task task;
    private final int[][] codes;

    private Child(Engine engine, Task task) {
        this.engine = engine;
        this.task = task;
        this.codes = task.codes(task.room());
    }

    /** Serves until the parent closes the connection. Arguments: port, side, size, work, threads. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        EngineKind side = EngineKind.valueOf(arguments[1]);
        Task task = new Task(Task.Size.valueOf(arguments[2]), Work.valueOf(arguments[3]));
        try (Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
                Engine engine = side.open(task, Integer.parseInt(arguments[4]))) {
            new Child(engine, task).serve(wire);
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
            case TEXT_STATES -> engine.textStates();
            case READ_TEXT -> read(question.text());
            case HEAP_BYTES_PER_STEP -> task.heapBytesPerStep(engine, codes);
            case PEAK_MEMORY -> ProcessMemory.peakBytes();
        };
    }

    private int read(float[] text) {
        engine.readText(text);
        return text.length;
    }

    private Repetition repetition() {
        long before = HeapGauge.allThreads();
        long start = System.nanoTime();
        task.run(engine, codes);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Repetition(seconds, HeapGauge.allThreads() - before);
    }

    /** Resource use of this process. */
    public static final class ProcessMemory {
        private static final Path STATUS = Path.of("/proc/self/status");
        private static final String PEAK = "VmHWM:";

        private ProcessMemory() {}

        /** The most physical memory the process has had, in bytes; 0 where the system does not say. */
        public static long peakBytes() throws IOException {
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

    /** One line of JSON at a time over a connection. */
    public static final class Wire implements AutoCloseable {
        private static final JsonMapper JSON = JsonMapper.builder().build();

        private final Socket socket;
        private final BufferedReader in;
        private final BufferedWriter out;

        /**
         * The answer of a child.
         *
         * @param value the answer, or null
         * @param failure the failure, or null
         */
        record Answer(JsonNode value, String failure) {
            static Answer of(Object value) {
                return new Answer(JSON.valueToTree(value), null);
            }

            <T> T as(Class<T> type) {
                return JSON.convertValue(value, type);
            }
        }

        /** Takes a connection. */
        public Wire(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
        }

        /** Sends a message as JSON. */
        public void send(Object message) throws IOException {
            out.write(JSON.writeValueAsString(message));
            out.newLine();
            out.flush();
        }

        /** The next message; none if the other end has gone. */
        public <T> Optional<T> receive(Class<T> type) throws IOException {
            String line = in.readLine();
            return line == null ? Optional.empty() : Optional.of(JSON.readValue(line, type));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        /**
         * A request of the parent.
         *
         * @param kind what to do
         * @param codes codes to do it with, {@code [B·K][F]}; empty where none are needed
         * @param sequences sequences to generate
         * @param size steps to generate, or rows of the matrices to multiply
         * @param text states of the text; empty where none are needed
         */
        @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
        record WorkRequest(Kind kind, int[][] codes, int sequences, int size, float[] text) {
            /** Kinds of questions, and what is answered. */
            enum Kind {
                /** The engine's description: text. */
                DESCRIPTION,
                /** {@link org.encore.benchmarks.engines.Engine.LossAndNorm} of known codes. */
                LOSS_AND_NORM,
                /** Mean cross-entropy of known codes: a number. */
                LOSS,
                /** {@link org.encore.benchmarks.engines.Engine.Decoded}. */
                PLAY,
                /** Operations a second of square products: a number. */
                PRODUCT_RATE,
                /** {@link org.encore.benchmarks.engines.Engine#textStates}. */
                TEXT_STATES,
                /** Takes states of the text: their number. */
                READ_TEXT,
                /** {@link Repetition} of the work that the child was started for. */
                REPETITION,
                /** What {@link org.encore.benchmarks.engines.Task#heapBytesPerStep} measures: a number, or NaN. */
                HEAP_BYTES_PER_STEP,
                /** The most memory the process has had, in bytes: a number. */
                PEAK_MEMORY
            }

            private static final int[][] NO_CODES = {};
            private static final float[] NO_TEXT = {};

            static WorkRequest of(Kind kind) {
                return new WorkRequest(kind, NO_CODES, 0, 0, NO_TEXT);
            }

            static WorkRequest about(Kind kind, int[][] codes) {
                return new WorkRequest(kind, codes, 0, 0, NO_TEXT);
            }

            static WorkRequest reading(float[] text) {
                return new WorkRequest(Kind.READ_TEXT, NO_CODES, 0, 0, text);
            }

            static WorkRequest sized(Kind kind, int sequences, int size) {
                return new WorkRequest(kind, NO_CODES, sequences, size, NO_TEXT);
            }
        }
    }
}
