package org.encore.model.kernels.nd4j;

import java.util.Arrays;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.DecodingKernels.KeyValueCache;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Decoding on ND4J operations; on the CPU in 32 bits, operations that would need many small calls are plain loops. */
final class PortableDecoding implements DecodingKernels {
    private final Kernels kernels;
    private final DataType type;
    private final Scratch scratch;
    private final PortableAttention attention;
    private final HostShortcuts shortcuts;

    /** {@code shortcuts} is null if plain loops cannot read the arrays. */
    PortableDecoding(
            Kernels kernels, DataType type, Scratch scratch, PortableAttention attention, HostShortcuts shortcuts) {
        this.kernels = kernels;
        this.type = type;
        this.scratch = scratch;
        this.attention = attention;
        this.shortcuts = shortcuts;
    }

    /** The matrix itself. */
    private static final class Alias extends PackedWeights {
        private final Tensor matrix;

        Alias(Tensor matrix) {
            super(matrix.rows(), matrix.columns());
            this.matrix = matrix;
        }

        @Override
        public void refresh() {
            // No copy to refresh.
        }
    }

    private static Tensor matrix(PackedWeights w) {
        return ((Alias) w).matrix;
    }

    @Override
    public boolean packingCopies() {
        return false;
    }

    /** False, because BLAS chooses its loops by the number of rows. */
    @Override
    public boolean rowsAreIndependent() {
        return false;
    }

    @Override
    public PackedWeights pack(Tensor w, Packing packing) {
        return new Alias(w);
    }

    @Override
    public void linear(Tensor x, PackedWeights w, Tensor y) {
        kernels.linear(x, matrix(w), y);
    }

    @Override
    public void addLinear(Tensor x, PackedWeights w, Tensor y) {
        kernels.addLinear(x, matrix(w), y);
    }

    @Override
    public void activatedLinear(Activation kind, Tensor x, PackedWeights w, Tensor y) {
        NdTensor hidden = scratch.tensor("decoding hidden", y.rows(), y.columns());
        kernels.linear(x, matrix(w), hidden);
        kernels.activation(kind, hidden, y);
    }

    @Override
    public void layerNorm(Tensor x, LayerNormWeights w, double epsilon, Tensor y) {
        NdTensor normalised = scratch.tensor("decoding normalised", x.rows(), x.columns());
        NdTensor inverseDeviation = scratch.tensor("decoding deviation", x.rows(), 1);
        kernels.layerNorm(x, w, epsilon, normalised, inverseDeviation, y);
    }

    @Override
    public KeyValueCache cache(CacheShape shape) {
        return shortcuts == null ? new NdCache(type, shape) : new HostCache(shape);
    }

    @Override
    public void append(KeyValueCache cache, int[] slots, Tensor k, Tensor v) {
        if (cache instanceof HostCache host) {
            shortcuts.append(host, slots, k, v);
        } else {
            ((NdCache) cache).append(slots, NdTensor.of(k), NdTensor.of(v));
        }
    }

    @Override
    public void attend(KeyValueCache cache, double scale, int[] slots, Tensor q, Tensor out) {
        if (cache instanceof HostCache host) {
            shortcuts.attend(host, scale, slots, q, out);
        } else {
            attention.cached((NdCache) cache, scale, slots, NdTensor.of(q), NdTensor.of(out));
        }
    }

    @Override
    public void read(Tensor source, int row, float[] target) {
        if (shortcuts != null) {
            NdTensor.of(source).host().get(row * source.stride(), target, 0, source.columns());
            return;
        }
        try (INDArray copy = NdTensor.of(source).matrix().getRow(row).dup('c')) {
            System.arraycopy(copy.data().asFloat(), 0, target, 0, source.columns());
        }
    }

    /** Keys and values as {@code [slots, H, capacity, width]}. Always float32. */
    static final class NdCache extends KeyValueCache {
        private final int heads;
        private final int width;
        private final INDArray keys;
        private final INDArray values;

        NdCache(DataType type, CacheShape shape) {
            super(shape.slots(), shape.capacity());
            this.heads = shape.heads();
            this.width = shape.headWidth();
            long size = (long) shape.slots() * heads * capacity() * width;
            this.keys = Nd4j.create(type, size);
            this.values = Nd4j.create(type, size);
        }

        int heads() {
            return heads;
        }

        /** Stores the next step of each sequence. Shapes: k, v {@code [N, D]} */
        void append(int[] slots, NdTensor k, NdTensor v) {
            for (int i = 0; i < slots.length; i++) {
                int position = advance(slots[i]);
                range(keys, slots[i], position, 1)
                        .assign(NdTensor.of(k.rowRange(i, 1)).heads(1, heads));
                range(values, slots[i], position, 1)
                        .assign(NdTensor.of(v.rowRange(i, 1)).heads(1, heads));
            }
        }

        /** {@code [1, H, length, width]}. */
        INDArray keys(int slot) {
            return range(keys, slot, 0, length(slot));
        }

        /** {@code [1, H, length, width]}. */
        INDArray values(int slot) {
            return range(values, slot, 0, length(slot));
        }

        private INDArray range(INDArray store, int slot, int first, int count) {
            long headStride = (long) capacity() * width;
            return Nd4j.create(
                    store.data(),
                    new long[] {1, heads, count, width},
                    new long[] {heads * headStride, headStride, width, 1},
                    headStride * heads * slot + (long) first * width,
                    'c',
                    store.dataType());
        }

        @Override
        public void close() {
            keys.close();
            values.close();
        }
    }

    /**
     * Keys and values on the heap, laid out for loops that the compiler vectorises: keys with the steps innermost, values with the width innermost. Always float32.
     */
    static final class HostCache extends KeyValueCache {
        private final int heads;
        private final int width;
        private final float[] keys;
        private final float[] values;
        private final float[] scores;

        HostCache(CacheShape shape) {
            super(shape.slots(), shape.capacity());
            this.heads = shape.heads();
            this.width = shape.headWidth();
            int size = Math.multiplyExact(Math.multiplyExact(shape.slots() * heads, width), shape.capacity());
            this.keys = new float[size];
            this.values = new float[size];
            this.scores = new float[shape.capacity()];
        }

        /** Width of all heads. */
        int rowWidth() {
            return heads * width;
        }

        /** Stores the next step of a sequence: its row of {@code k} and {@code v}. */
        void append(int slot, int row, float[] k, float[] v) {
            int position = advance(slot);
            for (int head = 0; head < heads; head++) {
                int first = row * rowWidth() + head * width;
                int pair = slot * heads + head;
                for (int d = 0; d < width; d++) {
                    keys[(pair * width + d) * capacity() + position] = k[first + d];
                }
                System.arraycopy(v, first, values, (pair * capacity() + position) * width, width);
            }
        }

        /** Attends to all steps of a sequence with a row of queries. */
        void attend(int slot, int row, float[] q, float scale, float[] out) {
            int length = length(slot);
            for (int head = 0; head < heads; head++) {
                int first = row * rowWidth() + head * width;
                int pair = slot * heads + head;
                score(pair, first, q, scale, length);
                HostShortcuts.softmax(scores, 0, length);
                mix(pair, first, length, out);
            }
        }

        private void score(int pair, int first, float[] q, float scale, int length) {
            Arrays.fill(scores, 0, length, 0.0f);
            for (int d = 0; d < width; d++) {
                float factor = q[first + d] * scale;
                int row = (pair * width + d) * capacity();
                for (int t = 0; t < length; t++) {
                    scores[t] += factor * keys[row + t];
                }
            }
        }

        private void mix(int pair, int first, int length, float[] out) {
            Arrays.fill(out, first, first + width, 0.0f);
            for (int t = 0; t < length; t++) {
                float weight = scores[t];
                int row = (pair * capacity() + t) * width;
                for (int d = 0; d < width; d++) {
                    out[first + d] += weight * values[row + d];
                }
            }
        }

        @Override
        public void close() {
            // The garbage collector frees the heap.
        }
    }
}
