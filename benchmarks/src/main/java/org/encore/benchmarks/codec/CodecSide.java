package org.encore.benchmarks.codec;

/** One implementation of the codec under test, with the weights of {@link ReferenceCodec}. */
public interface CodecSide extends AutoCloseable {
    /** Library and version. */
    String description();

    /** Sound of codes. Shapes: codes {@code [K][F]} */
    float[] decode(int[][] codes);

    /** Codes of a sound. Shapes: result {@code [K][F]} */
    int[][] encode(float[] sound);

    /** Multiplies single-precision square matrices of this size on all threads; returns floating-point operations a second. */
    double productRate(int size);

    @Override
    void close();

    /** What is timed. */
    enum Work {
        DECODE,
        ENCODE
    }
}
