package org.encore.music.codec;

import java.util.Optional;
import java.util.OptionalInt;
import org.encore.music.audio.Waveform;

/**
 * Turns codes {@code [K, T]} into a clip: the only thing that knows what the policy's integers mean.
 *
 * <p>Codes are integers in {@code [0, cardinality)}; a codec accepts any of them, in any order, because a policy may
 * produce anything.
 */
public interface AudioCodec {
    /** The codec's name, one word: what {@code config.json} of a model of its codes says. */
    String name();

    /** Number of codebooks K. */
    int codebooks();

    /** Number of codes in each codebook. */
    int cardinality();

    /**
     * Decodes a clip; rendering to sound happens when it is first asked for.
     *
     * @param codes {@code [K][T]}
     */
    Clip decode(int[][] codes);

    /**
     * How many of the frames count: up to and including the one that ends the piece, or all of them.
     *
     * @param codes {@code [K][T]}
     */
    int validFrames(int[][] codes);

    /**
     * The moment of each frame in seconds, never falling: that at which a note of it would start.
     *
     * @param codes {@code [K][T]}
     * @return {@code [T]}; empty if the codec cannot tell
     */
    default Optional<double[]> seconds(int[][] codes) {
        return Optional.empty();
    }

    /** The way from sound to codes, where the codec knows one. */
    default Optional<WaveformEncoder> encoder() {
        return Optional.empty();
    }

    /** The code that ends a piece, where the codec has one. */
    default OptionalInt endCode() {
        return OptionalInt.empty();
    }

    /** The way from sound to codes. */
    interface WaveformEncoder {
        /** Frames a second; frame f covers the samples from {@code f / rate} to {@code (f + 1) / rate} seconds. */
        double framesPerSecond();

        /**
         * Encodes a sound.
         *
         * @return {@code [K][T]}
         */
        int[][] encode(Waveform waveform);
    }
}
