package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Non-linearities in place on the heap; {@link Elementary#gelu} takes two short loops, in which Java 17 allocates no objects. */
final class RowActivation {
    private final RowExponentials exponentials = new RowExponentials();
    private float[] bell = new float[0];

    /** Changes the first {@code count} numbers, a multiple of the lanes. */
    void run(Activation kind, float[] x, int count) {
        switch (kind) {
            case GELU -> {
                bell = bell.length >= count ? bell : new float[count];
                halfSquares(x, bell, count);
                exponentials.run(bell, count);
                gelu(x, bell, count);
            }
            case GELU_TANH -> geluTanh(x, count);
            case RELU -> relu(x, count);
            case ELU -> {
                bell = bell.length >= count ? bell : new float[count];
                negativeParts(x, bell, count);
                exponentials.run(bell, count);
                elu(x, bell, count);
            }
        }
    }

    private static void halfSquares(float[] x, float[] bell, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.mul(v).mul(-0.5f).intoArray(bell, i);
        }
    }

    private static void gelu(float[] x, float[] bell, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            Elementary.gelu(v, FloatVector.fromArray(SPECIES, bell, i)).intoArray(x, i);
        }
    }

    private static void geluTanh(float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            Elementary.geluTanh(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
        }
    }

    private static void negativeParts(float[] x, float[] parts, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).min(0f).intoArray(parts, i);
        }
    }

    private static void elu(float[] x, float[] slopes, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector slope = FloatVector.fromArray(SPECIES, slopes, i);
            Elementary.elu(FloatVector.fromArray(SPECIES, x, i), slope).intoArray(x, i);
        }
    }

    private static void relu(float[] x, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).max(0f).intoArray(x, i);
        }
    }
}
