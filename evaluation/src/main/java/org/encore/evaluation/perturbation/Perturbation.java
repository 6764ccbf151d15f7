package org.encore.evaluation.perturbation;

import org.encore.music.codec.AudioCodec;

/** A way to damage codes. */
public sealed interface Perturbation
        permits UniformCodes, UnigramCodes, OtherPiece, ShuffledBlocks, WaveformNoise, WaveformShuffle {
    /** Its name on the command line and in files. */
    String name();

    /**
     * Damages a piece.
     *
     * @param piece number of the piece in the material
     * @param first first frame to damage
     * @param length frames of the window, or of a block that changes its place
     * @throws IllegalArgumentException if the piece is too short
     */
    Perturbed apply(Material material, int piece, int first, int length);

    /** Whether it replaces a window of the given length, so that peak, assimilation and recovery have a meaning. */
    default boolean isNoise() {
        return true;
    }

    /** Frames that a piece must have from {@code first} on. */
    default int framesNeeded(int length) {
        return length;
    }

    /**
     * Says whether a codec can do it.
     *
     * @throws IllegalArgumentException if the codec cannot
     */
    default void requireUsable(AudioCodec codec) {}
}
