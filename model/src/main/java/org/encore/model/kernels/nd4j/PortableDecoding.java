package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.Activation;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.KeyValueCache;
import org.encore.model.kernels.Packing;
import org.encore.model.kernels.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Decoding on ND4J operations; on the CPU in 32 bits, attention and whatever else would be many small calls as plain loops. */
final class PortableDecoding implements DecodingKernels {
    private final Kernels kernels;
    private final DataType type;
    private final Scratch scratch;
    private final PortableAttention attention;
    private final HostShortcuts shortcuts;

    /** {@code shortcuts} is null where arrays cannot be read by plain loops. */
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
            // There is no copy.
        }
    }

    private static Tensor matrix(PackedWeights w) {
        return ((Alias) w).matrix;
    }

    /** BLAS chooses its loops by the number of rows. */
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
}
