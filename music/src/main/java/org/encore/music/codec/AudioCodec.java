package org.encore.music.codec;

import java.util.Optional;
import java.util.OptionalInt;
import org.encore.music.audio.Waveform;

/**
 * Decodes codes {@code [K][F]} into a clip. No other type knows the meaning of the codes.
 *
 * <p>Codes are integers in {@code [0, cardinality)}; a codec accepts every sequence of them, because a model may generate any.
 */
public interface AudioCodec extends AutoCloseable {
    /** The codec's name, one word, as in {@code config.json} of a model of its codes. */
    String name();

    /** Number of codebooks K. */
    int codebooks();

    /** Number of codes in each codebook. */
    int cardinality();

    /**
     * Decodes a clip; sound is rendered when first requested.
     *
     * @param codes {@code [K][F]}
     */
    Clip decode(int[][] codes);

    /**
     * Number of valid frames: up to and including the one that ends the piece, or all.
     *
     * @param codes {@code [K][F]}
     */
    int validFrames(int[][] codes);

    /**
     * The time of each frame in seconds, at which a note of it would start; never decreasing.
     *
     * @param codes {@code [K][F]}
     * @return {@code [F]}; empty if the codec does not know
     */
    default Optional<double[]> seconds(int[][] codes) {
        return Optional.empty();
    }

    /**
     * Whether something that can be heard, such as a note, is complete behind a frame that begins with this code; true for codecs whose frames are all of one kind.
     *
     * @param code any integer
     */
    default boolean completes(int code) {
        return true;
    }

    /** The encoder of sound, if the codec has one. */
    default Optional<WaveformEncoder> encoder() {
        return Optional.empty();
    }

    /** The code that ends a piece, if the codec has one. */
    default OptionalInt endCode() {
        return OptionalInt.empty();
    }

    /** Frees what it holds, such as the weights of a neural codec; most hold nothing. Clips must be rendered before. */
    @Override
    default void close() {}

    /** Encodes sound as codes. */
    interface WaveformEncoder {
        /** Frames a second; frame f covers the samples from {@code f / rate} to {@code (f + 1) / rate} seconds. */
        double framesPerSecond();

        /**
         * Encodes a sound.
         *
         * @return {@code [K][F]}
         */
        int[][] encode(Waveform waveform);
    }
}
