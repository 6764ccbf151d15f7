package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/**
 * Non-linearities and their derivatives.
 *
 * <p>The smooth ones take two loops over a piece that fits the first-level cache: one loop would be too long for the compiler.
 */
public final class ActivationRows {
    /** Elements of a piece. */
    public static final int PIECE = 1024;

    private ActivationRows() {}

    /** {@code y = f(x)}, with scratch for a {@link #PIECE}. */
    public static void apply(Activation kind, SimdTensor x, SimdTensor y, Floats scratch) {
        int rows = Pointwise.rows(x, y);
        int columns = Math.toIntExact(x.size() / rows);
        for (int row = 0; row < rows; row++) {
            for (int first = 0; first < columns; first += PIECE) {
                int from = row * x.stride() + first;
                int to = row * y.stride() + first;
                apply(kind, x.floats(), from, y.floats(), to, Math.min(PIECE, columns - first), scratch);
            }
        }
    }

    private static void apply(Activation kind, Floats x, int from, Floats y, int to, int count, Floats scratch) {
        int whole = SPECIES.loopBound(count);
        switch (kind) {
            case GELU -> {
                bells(x, from, scratch, whole);
                gelu(x, from, scratch, y, to, whole);
            }
            case GELU_TANH -> {
                gates(x, from, scratch, whole);
                product(x, from, scratch, y, to, whole);
            }
            case RELU -> relu(x, from, y, to, whole);
            case ELU -> {
                eluSlopes(x, from, scratch, whole);
                elu(x, from, scratch, y, to, whole);
            }
        }
        if (whole < count) {
            y.storePart(to + whole, count - whole, value(kind, x.load(from + whole)));
        }
    }

    private static FloatVector value(Activation kind, FloatVector x) {
        return switch (kind) {
            case GELU -> Elementary.gelu(x);
            case GELU_TANH -> Elementary.geluTanh(x);
            case RELU -> x.max(0f);
            case ELU -> Elementary.elu(x);
        };
    }

    private static void gelu(Floats x, int from, Floats bells, Floats y, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            y.store(to + i, Elementary.gelu(x.load(from + i), bells.load(i)));
        }
    }

    private static void product(Floats x, int from, Floats gates, Floats y, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            y.store(to + i, x.load(from + i).mul(gates.load(i)));
        }
    }

    private static void relu(Floats x, int from, Floats y, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            y.store(to + i, x.load(from + i).max(0f));
        }
    }

    private static void eluSlopes(Floats x, int from, Floats scratch, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            scratch.store(i, Elementary.eluSlope(x.load(from + i)));
        }
    }

    private static void elu(Floats x, int from, Floats slopes, Floats y, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            y.store(to + i, Elementary.elu(x.load(from + i), slopes.load(i)));
        }
    }

    private static void times(Floats slopes, Floats dy, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            dy.store(to + i, dy.load(to + i).mul(slopes.load(i)));
        }
    }

    /** {@code dy *= f'(x)}, with scratch for a {@link #PIECE}. */
    public static void gradient(Activation kind, SimdTensor x, SimdTensor dy, Floats scratch) {
        int rows = Pointwise.rows(x, dy);
        int columns = Math.toIntExact(x.size() / rows);
        for (int row = 0; row < rows; row++) {
            for (int first = 0; first < columns; first += PIECE) {
                int from = row * x.stride() + first;
                int to = row * dy.stride() + first;
                gradient(kind, x.floats(), from, dy.floats(), to, Math.min(PIECE, columns - first), scratch);
            }
        }
    }

    private static void gradient(Activation kind, Floats x, int from, Floats dy, int to, int count, Floats scratch) {
        int whole = SPECIES.loopBound(count);
        switch (kind) {
            case GELU -> {
                bells(x, from, scratch, whole);
                timesGeluSlope(x, from, scratch, dy, to, whole);
            }
            case GELU_TANH -> {
                gates(x, from, scratch, whole);
                timesGeluTanhSlope(x, from, scratch, dy, to, whole);
            }
            case RELU -> timesReluSlope(x, from, dy, to, whole);
            case ELU -> {
                eluSlopes(x, from, scratch, whole);
                times(scratch, dy, to, whole);
            }
        }
        if (whole < count) {
            FloatVector slope = slope(kind, x.load(from + whole));
            dy.storePart(to + whole, count - whole, dy.load(to + whole).mul(slope));
        }
    }

    private static FloatVector slope(Activation kind, FloatVector x) {
        return switch (kind) {
            case GELU -> Elementary.geluSlope(x, Elementary.bell(x));
            case GELU_TANH -> Elementary.geluTanhSlope(x, Elementary.tanhGate(x));
            case RELU -> FloatVector.zero(SPECIES).blend(1f, x.compare(VectorOperators.GT, 0f));
            case ELU -> Elementary.eluSlope(x);
        };
    }

    private static void bells(Floats x, int from, Floats scratch, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            scratch.store(i, Elementary.bell(x.load(from + i)));
        }
    }

    private static void timesGeluSlope(Floats x, int from, Floats bells, Floats dy, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            FloatVector gradient = dy.load(to + i);
            dy.store(
                    to + i,
                    Elementary.geluSlope(x.load(from + i), bells.load(i)).mul(gradient));
        }
    }

    private static void gates(Floats x, int from, Floats scratch, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            scratch.store(i, Elementary.tanhGate(x.load(from + i)));
        }
    }

    private static void timesGeluTanhSlope(Floats x, int from, Floats gates, Floats dy, int to, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            FloatVector gradient = dy.load(to + i);
            dy.store(
                    to + i,
                    Elementary.geluTanhSlope(x.load(from + i), gates.load(i)).mul(gradient));
        }
    }

    private static void timesReluSlope(Floats x, int from, Floats dy, int to, int whole) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < whole; i += LANES) {
            dy.store(to + i, zero.blend(dy.load(to + i), x.load(from + i).compare(VectorOperators.GT, 0f)));
        }
    }
}
