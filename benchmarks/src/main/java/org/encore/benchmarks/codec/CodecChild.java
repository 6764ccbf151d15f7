package org.encore.benchmarks.codec;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import org.encore.benchmarks.comparison.Child.ProcessMemory;
import org.encore.benchmarks.comparison.Child.Wire;

/** The child process: holds one side and answers requests. */
public final class CodecChild {
    private static final int PRODUCT_SIZE = 1024;

    private final ReferenceCodec reference = new ReferenceCodec();
    private final CodecSide side;
    private int[][] codes = {};
    private float[] sound = {};

    private CodecChild(String name, int threads) {
        side = name.equals(Request.ENCORE) ? new EncoreCodec(reference, threads) : new LibTorchCodec(reference);
    }

    /**
     * What to do.
     *
     * @param kind what is answered
     * @param frames length of the clip
     */
    record Request(Kind kind, int frames) {
        static final String ENCORE = "encore";
        static final String LIBTORCH = "libtorch";

        /** Kinds of requests. */
        enum Kind {
            /** The side's description. */
            DESCRIPTION,
            /** Seconds of decoding random codes. */
            DECODE,
            /** Seconds of encoding noise. */
            ENCODE,
            /** Sound of the random codes. */
            SOUND,
            /** Codes of the noise, codebook by codebook. */
            CODES,
            /** Operations a second of large products. */
            PRODUCT_RATE,
            /** The most physical memory, in bytes. */
            PEAK_MEMORY
        }
    }

    /**
     * The answer.
     *
     * @param text a description, or the reason of a failure
     * @param numbers everything else
     * @param failed whether the request failed
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Reply(String text, double[] numbers, boolean failed) {
        static Reply of(double... numbers) {
            return new Reply("", numbers, false);
        }
    }

    /** Serves until the parent closes the connection. Arguments: port, side, threads. */
    public static void main(String[] arguments) throws IOException {
        try (Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])))) {
            CodecChild child = new CodecChild(arguments[1], Integer.parseInt(arguments[2]));
            Optional<Request> request = wire.receive(Request.class);
            while (request.isPresent()) {
                wire.send(child.reply(request.get()));
                request = wire.receive(Request.class);
            }
            child.side.close();
        }
    }

    private Reply reply(Request request) {
        try {
            return answer(request);
        } catch (RuntimeException | IOException e) {
            return new Reply(e.toString(), new double[0], true);
        }
    }

    private Reply answer(Request request) throws IOException {
        int frames = request.frames();
        if (frames > 0 && (codes.length == 0 || codes[0].length != frames)) {
            codes = reference.codes(frames);
            sound = reference.sound(frames * reference.config().hop());
        }
        return switch (request.kind()) {
            case DESCRIPTION -> new Reply(side.description(), new double[0], false);
            case DECODE -> seconds(() -> side.decode(codes));
            case ENCODE -> seconds(() -> side.encode(sound));
            case SOUND -> sound(side.decode(codes));
            case CODES -> codes(side.encode(sound));
            case PRODUCT_RATE -> Reply.of(side.productRate(PRODUCT_SIZE));
            case PEAK_MEMORY -> Reply.of((double) ProcessMemory.peakBytes());
        };
    }

    private static Reply seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Reply.of((System.nanoTime() - start) / 1e9);
    }

    private static Reply sound(float[] samples) {
        double[] numbers = new double[samples.length];
        for (int i = 0; i < samples.length; i++) {
            numbers[i] = samples[i];
        }
        return Reply.of(numbers);
    }

    private static Reply codes(int[][] codes) {
        double[] numbers = new double[codes.length * codes[0].length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = codes[i / codes[0].length][i % codes[0].length];
        }
        return Reply.of(numbers);
    }
}
