package org.encore.model.kernels.simd;

import static org.encore.model.kernels.simd.Floats.LANES;
import static org.encore.model.kernels.simd.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.Activation;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.KeyValueCache;
import org.encore.model.kernels.Tensor;

/** Decoding with vectors on the heap: activations are small, and weights and caches are read in one direction. */
final class SimdDecoding implements DecodingKernels {
    /** Far below the logarithm of the smallest positive number, and finite. */
    private static final float LOWEST_EXPONENT = -1000f;

    private final RowProducts products = new RowProducts();
    private final SlotAttention attention = new SlotAttention();

    @Override
    public boolean rowsAreIndependent() {
        return true;
    }

    @Override
    public PackedWeights pack(Tensor w) {
        return new Panels(SimdTensor.of(w));
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
        int count = x.rows() * products.stride();
        switch (kind) {
            case GELU -> gelu(rows, count);
            case GELU_TANH -> geluTanh(rows, count);
            case RELU -> relu(rows, count);
        }
        Floats target = SimdTensor.of(y).floats();
        for (int row = 0; row < y.rows(); row++) {
            target.write(row * y.stride(), rows, row * products.stride(), y.columns());
        }
    }

    private static void gelu(float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            Elementary.gelu(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
        }
    }

    private static void geluTanh(float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            Elementary.geluTanh(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
        }
    }

    private static void relu(float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).max(0f).intoArray(x, i);
        }
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
        float max = max(logits);
        float inverse = (float) (1.0 / temperature);
        double total = 0;
        int i = 0;
        for (; i <= logits.length - LANES; i += LANES) {
            FloatVector e = exponential(FloatVector.fromArray(SPECIES, logits, i), max, inverse);
            e.intoArray(weights, i);
            total += e.reduceLanes(VectorOperators.ADD);
        }
        if (i < logits.length) {
            VectorMask<Float> rest = Floats.first(logits.length - i);
            FloatVector e = exponential(FloatVector.fromArray(SPECIES, logits, i, rest), max, inverse);
            e.intoArray(weights, i, rest);
            total += e.reduceLanes(VectorOperators.ADD, rest);
        }
        return total;
    }

    private static FloatVector exponential(FloatVector logits, float max, float inverseTemperature) {
        return Elementary.exp(logits.sub(max).mul(inverseTemperature).max(LOWEST_EXPONENT));
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
