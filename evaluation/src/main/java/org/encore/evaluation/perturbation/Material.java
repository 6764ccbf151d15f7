package org.encore.evaluation.perturbation;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.music.codec.AudioCodec;

/** The pieces that are damaged, and what damage is made of. */
public final class Material {
    private final AudioCodec codec;
    private final List<int[][]> pieces;
    private final RandomStreams streams;
    private final int[][] pool;

    /**
     * Takes clean pieces.
     *
     * @param codec what their codes mean
     * @param pieces {@code [K][F]} each
     * @param streams decide what is drawn
     */
    public Material(AudioCodec codec, List<int[][]> pieces, RandomStreams streams) {
        this.codec = codec;
        this.pieces = List.copyOf(pieces);
        this.streams = streams;
        this.pool = pool(codec, pieces);
    }

    /** All codes of a codebook in all pieces, the one that ends a piece left out: drawing one is drawing by frequency. */
    private static int[][] pool(AudioCodec codec, List<int[][]> pieces) {
        int end = codec.endCode().orElse(-1);
        int[][] pool = new int[codec.codebooks()][];
        for (int k = 0; k < pool.length; k++) {
            int codebook = k;
            pool[k] = pieces.stream()
                    .flatMapToInt(piece -> Arrays.stream(piece[codebook]))
                    .filter(code -> code != end)
                    .toArray();
        }
        return pool;
    }

    AudioCodec codec() {
        return codec;
    }

    int count() {
        return pieces.size();
    }

    /** The clean codes of a piece. */
    public int[][] piece(int number) {
        return pieces.get(number);
    }

    /** A code drawn as often as the pieces have it. */
    int drawn(int codebook, RandomGenerator random) {
        return pool[codebook][random.nextInt(pool[codebook].length)];
    }

    /** The randomness of a piece. */
    RandomGenerator random(int piece) {
        return streams.stream(Purpose.NOISE, piece);
    }

    /** Checks that a window lies within a piece. */
    void requireRoom(int piece, int first, int length, int needed) {
        int frames = piece(piece)[0].length;
        if (first < 0 || length < 1 || first + needed > frames) {
            throw new IllegalArgumentException("a perturbation of " + length + " codes from code " + first + " needs "
                    + needed + " codes, but the piece has " + frames + " in all");
        }
    }

    /** The codes of a piece with each of a window's replaced, frame by frame. */
    Perturbed replaced(int piece, int first, int length, Source source) {
        requireRoom(piece, first, length, length);
        int[][] codes = Perturbed.copy(piece(piece));
        for (int f = first; f < first + length; f++) {
            for (int k = 0; k < codes.length; k++) {
                codes[k][f] = source.code(k, f);
            }
        }
        return new Perturbed(codes, first, first + length);
    }

    /** Where new codes come from. */
    @FunctionalInterface
    interface Source {
        int code(int codebook, int frame);
    }
}
