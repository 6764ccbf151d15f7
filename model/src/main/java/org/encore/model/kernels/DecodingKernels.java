package org.encore.model.kernels;

import java.util.Arrays;
import org.encore.model.kernels.Kernels.Activation;

/**
 * Operations of decoding beside {@link Kernels}: products of few rows with weights that stay the same for many steps, and attention over the key/value caches of independent sequences.
 *
 * <p>Rows of an activation are sequences, one step each; {@code slots} gives, row by row, the cache slot of a sequence.
 * No operation has a gradient. Not safe for use by several threads at once; packed weights may be shared.
 */
public interface DecodingKernels {
    /**
     * A matrix laid out for products of few rows. It may or may not follow later changes of the matrix: {@link #refresh} it when decoding starts.
     */
    abstract class PackedWeights {
        private final int rows;
        private final int columns;

        /** Shape of the matrix: {@code [out, in]}. */
        protected PackedWeights(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }

        /** Output width of a product. */
        public final int rows() {
            return rows;
        }

        /** Input width of a product. */
        public final int columns() {
            return columns;
        }

        /** Packs the current matrix; no other thread may compute with it meanwhile. */
        public abstract void refresh();
    }

    /** True if packed weights are copies, so that the matrix may change until they are refreshed. */
    boolean packingCopies();

    /** True if the bits of a row's result do not depend on the other rows. */
    boolean rowsAreIndependent();

    /**
     * Packs a matrix; other instances of the same kind may compute with it too. Kernels without int16 keep float32. Shapes: w {@code [out, in]}
     */
    PackedWeights pack(Tensor w, Packing packing);

    /** {@code y = x wᵀ}. Shapes: x {@code [N, in]}, y {@code [N, out]} */
    void linear(Tensor x, PackedWeights w, Tensor y);

    /** {@code y += x wᵀ}. */
    void addLinear(Tensor x, PackedWeights w, Tensor y);

    /** {@code y = f(x wᵀ)}. */
    void activatedLinear(Activation kind, Tensor x, PackedWeights w, Tensor y);

    /** {@link Kernels#layerNorm} without the outputs for a gradient. Shapes: x and y {@code [N, D]} */
    void layerNorm(Tensor x, Kernels.LayerNormWeights w, double epsilon, Tensor y);

    /** A cache for a number of sequences at a time. */
    KeyValueCache cache(CacheShape shape);

    /**
     * Sizes of a cache.
     *
     * @param slots sequences at a time
     * @param heads heads H
     * @param headWidth width of a head
     * @param capacity the most steps of a sequence
     * @param packing number format; kernels without int16 keep float32
     */
    record CacheShape(int slots, int heads, int headWidth, int capacity, Packing packing) {}

    /**
     * Row i becomes the next step of the sequence in {@code slots[i]}; rows with the same slot become successive steps. Shapes:
     * slots {@code [N]}, k and v {@code [N, H * headWidth]}
     *
     * @throws IllegalStateException if a sequence has as many steps as the cache holds
     */
    void append(KeyValueCache cache, int[] slots, Tensor k, Tensor v);

    /** Row i attends to all steps of the sequence in {@code slots[i]}; to none gives zeros. Shapes: slots {@code [N]} */
    void attend(KeyValueCache cache, double scale, int[] slots, Tensor q, Tensor out);

    /** Copies one row out. */
    void read(Tensor source, int row, float[] target);

    /**
     * {@code weights = exp((logits - max) / temperature)}: probabilities that are not normalised.
     *
     * @return their sum
     */
    default double exponentials(float[] logits, double temperature, float[] weights) {
        float max = logits[0];
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double total = 0;
        for (int v = 0; v < logits.length; v++) {
            weights[v] = (float) Math.exp(((double) logits[v] - max) / temperature);
            total += weights[v];
        }
        return total;
    }

    /** Number format of what decoding reads at every step: packed weights, keys and values. */
    enum Packing {
        /** 32-bit floating point. */
        FLOAT32,
        /**
         * 16-bit integers with one scale for each row of a matrix, each head's key and each head's value of a step. Halves the memory traffic; the error is at most 2^-16 of the largest number that shares the scale. Sums are in 32 bits.
         */
        INT16
    }

    /**
     * Keys and values of the steps decoded so far, for one attention layer and several sequences, one per slot. Belongs to the {@link Kernels} that created it.
     */
    abstract class KeyValueCache implements AutoCloseable {
        private final int capacity;
        private final int[] lengths;

        /** A cache for up to {@code capacity} steps in each slot. */
        protected KeyValueCache(int slots, int capacity) {
            this.capacity = capacity;
            this.lengths = new int[slots];
        }

        /** Sequences at a time. */
        public final int slots() {
            return lengths.length;
        }

        /** The most steps of a sequence. */
        public final int capacity() {
            return capacity;
        }

        /** Steps held of the sequence in a slot. */
        public final int length(int slot) {
            return lengths[slot];
        }

        /** Clears a slot; keeps the memory. */
        public final void reset(int slot) {
            lengths[slot] = 0;
        }

        /** Clears all slots. */
        public final void reset() {
            Arrays.fill(lengths, 0);
        }

        /** Makes room for one more step of a sequence and returns its position. */
        protected final int advance(int slot) {
            if (lengths[slot] == capacity) {
                throw new IllegalStateException("the key/value cache is full: it holds " + capacity + " steps");
            }
            return lengths[slot]++;
        }

        @Override
        public abstract void close();
    }
}
