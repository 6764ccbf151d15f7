package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Layer normalisation without the outputs for a gradient. Rows lie in arrays padded with zeros to whole vectors. */
final class RowNorm {
    private float[] row = new float[0];
    private float[] gain = row;
    private float[] bias = row;

    void run(SimdTensor x, LayerNormWeights w, float epsilon, SimdTensor y) {
        int width = x.columns();
        int padded = SlotCache.roundUp(width, LANES);
        if (row.length != padded) {
            row = new float[padded];
            gain = new float[padded];
            bias = new float[padded];
        }
        SimdTensor.of(w.gain()).floats().read(0, gain, 0, width);
        SimdTensor.of(w.bias()).floats().read(0, bias, 0, width);
        for (int i = 0; i < x.rows(); i++) {
            x.floats().read(i * x.stride(), row, 0, width);
            centre(width);
            scale((float) (1.0 / Math.sqrt((double) sumOfSquares() / width + epsilon)));
            y.floats().write(i * y.stride(), row, 0, width);
        }
    }

    private void centre(int width) {
        Arrays.fill(row, width, row.length, 0f);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < row.length; i += LANES) {
            sum = sum.add(FloatVector.fromArray(SPECIES, row, i));
        }
        float mean = Elementary.sum(sum) / width;
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector.fromArray(SPECIES, row, i).sub(mean).intoArray(row, i);
        }
        Arrays.fill(row, width, row.length, 0f);
    }

    private float sumOfSquares() {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, row, i);
            sum = v.fma(v, sum);
        }
        return Elementary.sum(sum);
    }

    private void scale(float factor) {
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, row, i).mul(factor);
            v.fma(FloatVector.fromArray(SPECIES, gain, i), FloatVector.fromArray(SPECIES, bias, i))
                    .intoArray(row, i);
        }
    }
}
