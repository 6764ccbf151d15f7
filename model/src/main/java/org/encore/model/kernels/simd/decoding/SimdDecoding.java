package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.KeyValueCache;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/**
 * Decoding with vectors on the heap: activations are small, and weights and caches are read in one direction.
 */
public final class SimdDecoding implements DecodingKernels {
    /** Far below the logarithm of the smallest positive number, and finite. */
    private static final float LOWEST_EXPONENT = -1000f;

    private final RowProducts products = new RowProducts();
    private final RowActivation activation = new RowActivation();
    private final RowNorm norm = new RowNorm();
    private final SlotAttention attention = new SlotAttention();
    private final RowExponentials exponentials = new RowExponentials();
    private float[] row = new float[0];

    @Override
    public boolean packingCopies() {
        return true;
    }

    @Override
    public boolean rowsAreIndependent() {
        return true;
    }

    @Override
    public PackedWeights pack(Tensor w, Packing packing) {
        return Panels.of(SimdTensor.of(w), packing);
    }

    @Override
    public void linear(Tensor x, PackedWeights w, Tensor y) {
        products.run(SimdTensor.of(x), (Panels) w);
        Floats target = SimdTensor.of(y).floats();
        for (int row = 0; row < y.rows(); row++) {
            target.write(row * y.stride(), products.result(), row * products.stride(), y.columns());
        }
    }

    @Override
    public void addLinear(Tensor x, PackedWeights w, Tensor y) {
        products.run(SimdTensor.of(x), (Panels) w);
        Floats target = SimdTensor.of(y).floats();
        for (int row = 0; row < y.rows(); row++) {
            int from = row * products.stride();
            int to = row * y.stride();
            int i = 0;
            for (; i <= y.columns() - LANES; i += LANES) {
                FloatVector sum = target.load(to + i).add(FloatVector.fromArray(SPECIES, products.result(), from + i));
                target.store(to + i, sum);
            }
            if (i < y.columns()) {
                FloatVector sum = target.load(to + i).add(FloatVector.fromArray(SPECIES, products.result(), from + i));
                target.storePart(to + i, y.columns() - i, sum);
            }
        }
    }

    @Override
    public void activatedLinear(Activation kind, Tensor x, PackedWeights w, Tensor y) {
        products.run(SimdTensor.of(x), (Panels) w);
        float[] rows = products.result();
        activation.run(kind, rows, x.rows() * products.stride());
        Floats target = SimdTensor.of(y).floats();
        for (int row = 0; row < y.rows(); row++) {
            target.write(row * y.stride(), rows, row * products.stride(), y.columns());
        }
    }

    @Override
    public void layerNorm(Tensor x, LayerNormWeights w, double epsilon, Tensor y) {
        norm.run(SimdTensor.of(x), w, (float) epsilon, SimdTensor.of(y));
    }

    @Override
    public KeyValueCache cache(CacheShape shape) {
        return SlotCache.of(shape);
    }

    @Override
    public void append(KeyValueCache cache, int[] slots, Tensor k, Tensor v) {
        attention.append((SlotCache) cache, slots, SimdTensor.of(k), SimdTensor.of(v));
    }

    @Override
    public void attend(KeyValueCache cache, double scale, int[] slots, Tensor q, Tensor out) {
        attention.attend((SlotCache) cache, (float) scale, slots, SimdTensor.of(q), SimdTensor.of(out));
    }

    @Override
    public void read(Tensor source, int row, float[] target) {
        SimdTensor.of(source).floats().read(row * source.stride(), target, 0, source.columns());
    }

    @Override
    public double exponentials(float[] logits, double temperature, float[] weights) {
        int padded = SlotCache.roundUp(logits.length, LANES);
        if (row.length != padded) {
            row = new float[padded];
        }
        System.arraycopy(logits, 0, row, 0, logits.length);
        Arrays.fill(row, logits.length, padded, Float.NEGATIVE_INFINITY);
        shift(row, max(logits), (float) (1.0 / temperature));
        exponentials.run(row, padded);
        System.arraycopy(row, 0, weights, 0, logits.length);
        double total = 0;
        for (int i = 0; i < padded; i += LANES) {
            total += Elementary.sum(FloatVector.fromArray(SPECIES, row, i));
        }
        return total;
    }

    private static void shift(float[] x, float max, float inverseTemperature) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).sub(max).mul(inverseTemperature);
            v.max(LOWEST_EXPONENT).intoArray(x, i);
        }
    }

    private static float max(float[] values) {
        FloatVector largest = FloatVector.broadcast(SPECIES, values[0]);
        int i = 0;
        for (; i <= values.length - LANES; i += LANES) {
            largest = largest.max(FloatVector.fromArray(SPECIES, values, i));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        for (; i < values.length; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }
}
