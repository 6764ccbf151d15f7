package org.encore.model.kernels.nd4j;

import java.nio.FloatBuffer;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableDecoding.HostCache;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A few operations as plain loops for the few rows of one decoding step, where the overhead of ND4J calls exceeds their computation.
 *
 * <p>Only for 32 bits and a backend whose arrays lie in host memory. Its results differ from ND4J's by rounding.
 */
final class HostShortcuts {
    /** Above this many rows ND4J's own loops are faster. */
    static final int MOST_ROWS = 128;

    private float[] in = new float[0];
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private float[] out = new float[0];
    private float[] scores = new float[0];

    /** Whether this backend keeps arrays where Java can read them. */
    static boolean isHostBackend() {
        return Nd4j.getBackend().getClass().getSimpleName().startsWith("Cpu");
    }

    /** {@link org.encore.model.kernels.Kernels#layerNorm}. */
    void layerNorm(Tensor x, LayerNormWeights w, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y) {
        int rows = x.rows();
        int d = x.columns();
        in = read(x, in);
        keys = read(w.gain(), keys);
        values = read(w.bias(), values);
        out = sized(out, rows * d);
        scores = sized(scores, rows);
        for (int row = 0; row < rows; row++) {
            int first = row * d;
            double sum = 0;
            for (int i = 0; i < d; i++) {
                sum += in[first + i];
            }
            float mean = (float) (sum / d);
            double squares = 0;
            for (int i = 0; i < d; i++) {
                float centred = in[first + i] - mean;
                squares += centred * centred;
            }
            float inverse = (float) (1.0 / Math.sqrt(squares / d + epsilon));
            scores[row] = inverse;
            for (int i = 0; i < d; i++) {
                in[first + i] = (in[first + i] - mean) * inverse;
                out[first + i] = in[first + i] * keys[i] + values[i];
            }
        }
        write(in, normalised);
        write(scores, inverseDeviation);
        write(out, y);
    }

    /** {@link org.encore.model.kernels.DecodingKernels#append}. */
    void append(HostCache cache, int[] slots, Tensor k, Tensor v) {
        keys = read(k, keys);
        values = read(v, values);
        for (int i = 0; i < slots.length; i++) {
            cache.append(slots[i], i, keys, values);
        }
    }

    /** {@link org.encore.model.kernels.DecodingKernels#attend}. */
    void attend(HostCache cache, double scale, int[] slots, Tensor q, Tensor result) {
        in = read(q, in);
        out = sized(out, Math.toIntExact(result.size()));
        for (int i = 0; i < slots.length; i++) {
            cache.attend(slots[i], i, in, (float) scale, out);
        }
        write(out, result);
    }

    /** Softmax of the range {@code [from, to)}, in place. */
    static void softmax(float[] x, int from, int to) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, x[i]);
        }
        float sum = 0;
        for (int i = from; i < to; i++) {
            x[i] = (float) Math.exp(x[i] - max);
            sum += x[i];
        }
        float factor = 1.0f / sum;
        for (int i = from; i < to; i++) {
            x[i] *= factor;
        }
    }

    /** Row-major values of a tensor, in the given array or a larger one. */
    private static float[] read(Tensor tensor, float[] array) {
        float[] target = sized(array, Math.toIntExact(tensor.size()));
        FloatBuffer buffer = NdTensor.of(tensor).host();
        if (tensor.isContiguous()) {
            buffer.get(0, target, 0, Math.toIntExact(tensor.size()));
            return target;
        }
        for (int row = 0; row < tensor.rows(); row++) {
            buffer.get(row * tensor.stride(), target, row * tensor.columns(), tensor.columns());
        }
        return target;
    }

    private static void write(float[] source, Tensor tensor) {
        FloatBuffer buffer = NdTensor.of(tensor).host();
        for (int row = 0; row < tensor.rows(); row++) {
            buffer.put(row * tensor.stride(), source, row * tensor.columns(), tensor.columns());
        }
    }

    private static float[] sized(float[] array, int size) {
        return array.length >= size ? array : new float[size];
    }
}
