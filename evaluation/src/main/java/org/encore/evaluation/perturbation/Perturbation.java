package org.encore.evaluation.perturbation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.encore.evaluation.perturbation.WaveformSplice.WaveformNoise;
import org.encore.evaluation.perturbation.WaveformSplice.WaveformShuffle;
import org.encore.music.audio.NoiseColour;
import org.encore.music.codec.AudioCodec;

/** A kind of damage to codes. */
public sealed interface Perturbation
        permits WaveformNoise,
                WaveformShuffle,
                Perturbation.OtherPiece,
                Perturbation.ShuffledBlocks,
                Perturbation.UniformCodes,
                Perturbation.UnigramCodes {
    /** Its name on the command line and in files. */
    String name();

    /**
     * Damages a piece.
     *
     * @param piece number of the piece in the material
     * @param first first frame to damage
     * @param length frames of the window, or of a block that is moved
     * @throws IllegalArgumentException if the piece is too short
     */
    Perturbed apply(Material material, int piece, int first, int length);

    /** Whether it replaces a window of the given length, so that peak, assimilation and recovery are defined. */
    default boolean isNoise() {
        return true;
    }

    /** Number of frames that a piece must have from {@code first} on. */
    default int framesNeeded(int length) {
        return length;
    }

    /**
     * Checks that it can be used with a codec.
     *
     * @throws IllegalArgumentException if it cannot
     */
    default void requireUsable(AudioCodec codec) {}

    /** Which pairs of neighbouring blocks are swapped. */
    enum BlockOrder {
        /** Every pair from the first frame on: A B C D becomes B A D C. */
        ADJACENT("adjacent-blocks"),
        /** Random pairs of those, until a fifth of the frames is moved, at least one. */
        RANDOM("random-blocks");

        private static final double MOVED_SHARE = 0.2;

        private final String text;

        BlockOrder(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        /**
         * First units of the pairs to swap, increasing.
         *
         * @param first first unit, of frames or samples
         * @param end first unit that must not move
         * @param length units of a block
         */
        int[] pairs(int first, int end, int length, RandomGenerator random) {
            List<Integer> starts = new ArrayList<>();
            for (int start = first; start + 2 * length <= end; start += 2 * length) {
                starts.add(start);
            }
            if (this == RANDOM) {
                int wanted = Math.max(1, (int) Math.round(MOVED_SHARE * (end - first) / (2.0 * length)));
                while (starts.size() > wanted) {
                    starts.remove(random.nextInt(starts.size()));
                }
            }
            return starts.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /** Replaces the window by the codes of another piece at the same place: correct music, but of another piece. */
    record OtherPiece() implements Perturbation {
        @Override
        public String name() {
            return "other-piece";
        }

        /** Searches a piece that is long enough, starting at a random one. */
        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            int[][] other = material.piece(other(material, piece, first + length));
            return material.replaced(piece, first, length, (k, f) -> other[k][f]);
        }

        private static int other(Material material, int piece, int frames) {
            if (material.count() < 2) {
                throw new IllegalArgumentException("codes of another piece need at least 2 pieces, but there is 1");
            }
            RandomGenerator random = material.random(piece);
            int start = 1 + random.nextInt(material.count() - 1);
            for (int i = 0; i < material.count() - 1; i++) {
                // Visits all other pieces, starting at a random one.
                int candidate = (piece + 1 + (start - 1 + i) % (material.count() - 1)) % material.count();
                if (material.piece(candidate)[0].length > frames) {
                    return candidate;
                }
            }
            throw new IllegalArgumentException(
                    "codes of another piece need one of more than " + frames + " codes, but there is none");
        }
    }

    /** All perturbations by name. */
    final class Perturbations {
        private Perturbations() {}

        /** All perturbations; those with noise in the waveform at the given level. */
        public static List<Perturbation> all(double levelDecibels) {
            List<Perturbation> all = new ArrayList<>(List.of(new UniformCodes(), new UnigramCodes(), new OtherPiece()));
            for (BlockOrder order : BlockOrder.values()) {
                all.add(new ShuffledBlocks(order));
            }
            for (NoiseColour colour : NoiseColour.values()) {
                all.add(new WaveformNoise(colour, levelDecibels));
            }
            for (BlockOrder order : BlockOrder.values()) {
                all.add(new WaveformShuffle(order));
            }
            return List.copyOf(all);
        }

        /**
         * The perturbation of a name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Perturbation named(String name, double levelDecibels) {
            List<Perturbation> all = all(levelDecibels);
            return all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("perturbation is \"" + name
                            + "\", but must be one of "
                            + String.join(
                                    ", ", all.stream().map(Perturbation::name).toList())));
        }

        static String text(NoiseColour colour) {
            return colour.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Codes with one damaged window.
     *
     * @param codes {@code [K][F]}, as many frames as the clean piece
     * @param first first frame that may differ
     * @param end first frame after those that may differ
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Perturbed(int[][] codes, int first, int end) {
        /** A copy of codes to write into. */
        static int[][] copy(int[][] codes) {
            int[][] copy = new int[codes.length][];
            for (int k = 0; k < codes.length; k++) {
                copy[k] = codes[k].clone();
            }
            return copy;
        }
    }

    /**
     * Swaps neighbouring blocks of codes; the last code is not moved.
     *
     * @param order which blocks are swapped
     */
    record ShuffledBlocks(BlockOrder order) implements Perturbation {
        @Override
        public String name() {
            return order.text();
        }

        @Override
        public boolean isNoise() {
            return false;
        }

        @Override
        public int framesNeeded(int length) {
            return 2 * length + 1;
        }

        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            material.requireRoom(piece, first, length, framesNeeded(length));
            int[][] codes = Perturbed.copy(material.piece(piece));
            int last = codes[0].length - 1;
            int[] pairs = order.pairs(first, last, length, material.random(piece));
            for (int start : pairs) {
                for (int[] row : codes) {
                    int[] block = new int[length];
                    System.arraycopy(row, start, block, 0, length);
                    System.arraycopy(row, start + length, row, start, length);
                    System.arraycopy(block, 0, row, start + length, length);
                }
            }
            return new Perturbed(codes, pairs[0], pairs[pairs.length - 1] + 2 * length);
        }
    }

    /** Draws every code of the window uniformly from the whole vocabulary, which breaks the grammar of typed events. */
    record UniformCodes() implements Perturbation {
        @Override
        public String name() {
            return "uniform";
        }

        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            RandomGenerator random = material.random(piece);
            int cardinality = material.codec().cardinality();
            return material.replaced(piece, first, length, (k, f) -> random.nextInt(cardinality));
        }
    }

    /** Draws every code of the window by its frequency in the pieces: right distribution, wrong order. */
    record UnigramCodes() implements Perturbation {
        @Override
        public String name() {
            return "unigram";
        }

        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            RandomGenerator random = material.random(piece);
            return material.replaced(piece, first, length, (k, f) -> material.drawn(k, random));
        }
    }
}
