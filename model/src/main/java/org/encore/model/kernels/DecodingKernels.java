package org.encore.model.kernels;

import java.util.Arrays;
import org.encore.model.kernels.Kernels.Activation;

/**
 * What a step of decoding needs beside {@link Kernels}: products of few rows with weights that stay the same for many steps, and
 * attention over caches of sequences that come and go independently of each other.
 *
 * <p>Rows of an activation are sequences, one step each; {@code slots} tells, row by row, which place of a cache a sequence has.
 * Nothing here is differentiated. Not safe for use by several threads at once; packed weights may be shared.
 */
public interface DecodingKernels {
    /**
     * A matrix laid out for products of few rows. Whether it follows later changes of the matrix by itself is open:
     * {@link #refresh} it when decoding starts.
     */
    abstract class PackedWeights {
        private final int rows;
        private final int columns;

        /** Shape of the matrix: {@code [out, in]}. */
        protected PackedWeights(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }

        /** Width of what a product gives. */
        public final int rows() {
            return rows;
        }

        /** Width of what goes into a product. */
        public final int columns() {
            return columns;
        }

        /** Takes over the matrix as it is now; nobody may compute with it meanwhile. */
        public abstract void refresh();
    }

    /** True if a row's result has the same bits whatever rows are computed beside it. */
    boolean rowsAreIndependent();

    /**
     * Lays out a matrix; other instances of the same kind may compute with it too. Kernels that know no half width keep full
     * width. Shapes: w {@code [out, in]}
     */
    PackedWeights pack(Tensor w, Packing packing);

    /** {@code y = x wᵀ}. Shapes: x {@code [N, in]}, y {@code [N, out]} */
    void linear(Tensor x, PackedWeights w, Tensor y);

    /** {@code y += x wᵀ}. */
    void addLinear(Tensor x, PackedWeights w, Tensor y);

    /** {@code y = f(x wᵀ)}. */
    void activatedLinear(Activation kind, Tensor x, PackedWeights w, Tensor y);

    /** {@link Kernels#layerNorm} that keeps nothing for a gradient. Shapes: x and y {@code [N, D]} */
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
     * @param packing how numbers are kept; kernels that know no half width keep full width
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
     * {@code weights = exp((logits - max) / temperature)}: probabilities but for their sum.
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

    /** How decoding keeps the numbers that it reads again at every step: packed weights, keys and values. */
    enum Packing {
        /** In 32 bits. */
        FLOAT32,
        /**
         * In 16 bits, as integers with one scale for each row of a matrix, each head's key and each head's value of a step: half the
         * memory to read, and an error of at most 2^-16 of the largest number that shares the scale. Sums are in 32 bits.
         */
        INT16
    }

    /**
     * Keys and values of the steps decoded so far, for one attention layer and a number of sequences, each in a slot of its own.
     * Belongs to the {@link Kernels} that made it.
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

        /** Forgets the sequence in a slot; keeps the storage. */
        public final void reset(int slot) {
            lengths[slot] = 0;
        }

        /** Forgets every sequence. */
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
