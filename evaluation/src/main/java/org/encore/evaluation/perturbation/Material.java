package org.encore.evaluation.perturbation;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.music.codec.AudioCodec;

/** The clean pieces and their pool of codes, from which damage is drawn. */
public final class Material {
    private final AudioCodec codec;
    private final List<int[][]> pieces;
    private final RandomStreams streams;
    private final int[][] pool;

    /**
     * Creates the material.
     *
     * @param codec codec of their codes
     * @param pieces clean codes, {@code [K][F]} each
     * @param streams random streams of the draws
     */
    public Material(AudioCodec codec, List<int[][]> pieces, RandomStreams streams) {
        this.codec = codec;
        this.pieces = List.copyOf(pieces);
        this.streams = streams;
        this.pool = pool(codec, pieces);
    }

    /** All codes of each codebook in all pieces, without end codes; a uniform draw from it is a draw by frequency. */
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

    /** A random code, by its frequency in the pieces. */
    int drawn(int codebook, RandomGenerator random) {
        return pool[codebook][random.nextInt(pool[codebook].length)];
    }

    /** The random generator of a piece. */
    RandomGenerator random(int piece) {
        return streams.stream(Purpose.NOISE, piece);
    }

    /** Checks that a piece is long enough. */
    void requireRoom(int piece, int first, int length, int needed) {
        int frames = piece(piece)[0].length;
        if (first < 0 || length < 1 || first + needed > frames) {
            throw new IllegalArgumentException("a perturbation of " + length + " codes from code " + first + " needs "
                    + needed + " codes, but the piece has " + frames + " in all");
        }
    }

    /** The codes of a piece with all codes of a window replaced, frame by frame. */
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

    /** Source of new codes. */
    @FunctionalInterface
    interface Source {
        int code(int codebook, int frame);
    }
}
