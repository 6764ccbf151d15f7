package org.encore.benchmarks.children;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One line of JSON at a time over a connection. */
final class Wire implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Socket socket;
    private final BufferedReader in;
    private final BufferedWriter out;

    /**
     * What a child says.
     *
     * @param value the answer, or null
     * @param failure why there is none, or null
     */
    record Answer(JsonNode value, String failure) {
        static Answer of(Object value) {
            return new Answer(JSON.valueToTree(value), null);
        }

        <T> T as(Class<T> type) {
            return JSON.convertValue(value, type);
        }
    }

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    }

    void send(Object message) throws IOException {
        out.write(JSON.writeValueAsString(message));
        out.newLine();
        out.flush();
    }

    /** The next message; none if the other end has gone. */
    <T> Optional<T> receive(Class<T> type) throws IOException {
        String line = in.readLine();
        return line == null ? Optional.empty() : Optional.of(JSON.readValue(line, type));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * What the parent asks of a child.
     *
     * @param kind what to do
     * @param codes codes to do it with, {@code [B][T]}; empty where none are needed
     * @param sequences sequences to play
     * @param size steps to play, or rows of the matrices to multiply
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record WorkRequest(Kind kind, int[][] codes, int sequences, int size) {
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
            /** {@link Repetition} of the work that the child was started for. */
            REPETITION,
            /** What {@link org.encore.benchmarks.engines.Work#heapBytesPerStep} tells: a number, or NaN. */
            HEAP_BYTES_PER_STEP,
            /** The most memory the process has had, in bytes: a number. */
            PEAK_MEMORY
        }

        private static final int[][] NO_CODES = {};

        static WorkRequest of(Kind kind) {
            return new WorkRequest(kind, NO_CODES, 0, 0);
        }

        static WorkRequest about(Kind kind, int[][] codes) {
            return new WorkRequest(kind, codes, 0, 0);
        }

        static WorkRequest sized(Kind kind, int sequences, int size) {
            return new WorkRequest(kind, NO_CODES, sequences, size);
        }
    }
}
