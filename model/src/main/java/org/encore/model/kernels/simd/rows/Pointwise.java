package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Operations on single elements or rows. */
public final class Pointwise {
    /** Elements summed in 32 bits, lane by lane, before the sum is added in 64 bits. */
    private static final int SUM_CHUNK = 16 * LANES;

    private Pointwise() {}

    /** Number of contiguous pieces: one if the tensors are contiguous. */
    public static int rows(SimdTensor x, SimdTensor y) {
        return x.isContiguous() && y.isContiguous() ? 1 : x.rows();
    }

    /** {@code target = source}. */
    public static void copy(SimdTensor source, SimdTensor target) {
        int rows = rows(source, target);
        int columns = Math.toIntExact(source.size() / rows);
        for (int row = 0; row < rows; row++) {
            copy(source.floats(), row * source.stride(), target.floats(), row * target.stride(), columns);
        }
    }

    private static void copy(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, x.load(from + i));
        }
        if (i < count) {
            y.storePart(to + i, count - i, x.load(from + i));
        }
    }

    /** Sets every element. */
    public static void fill(SimdTensor target, float value) {
        int rows = rows(target, target);
        int columns = Math.toIntExact(target.size() / rows);
        for (int row = 0; row < rows; row++) {
            fill(target.floats(), row * target.stride(), columns, value);
        }
    }

    private static void fill(Floats x, int first, int count, float value) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            x.store(first + i, FloatVector.broadcast(SPECIES, value));
        }
        for (; i < count; i++) {
            x.set(first + i, value);
        }
    }

    /** {@code target += source}. */
    public static void add(SimdTensor source, SimdTensor target) {
        int rows = rows(source, target);
        int columns = Math.toIntExact(source.size() / rows);
        for (int row = 0; row < rows; row++) {
            add(source.floats(), row * source.stride(), target.floats(), row * target.stride(), columns);
        }
    }

    /** {@code y[to + i] += x[from + i]}. */
    public static void add(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, y.load(to + i).add(x.load(from + i)));
        }
        if (i < count) {
            y.storePart(to + i, count - i, y.load(to + i).add(x.load(from + i)));
        }
    }

    /** {@code y[i, :] += x[0, :]}. */
    public static void addToRows(SimdTensor x, SimdTensor y) {
        for (int row = 0; row < y.rows(); row++) {
            add(x.floats(), 0, y.floats(), row * y.stride(), y.columns());
        }
    }

    /** {@code y[0, :] += Σ_i x[i, :]}. */
    public static void addRows(SimdTensor x, SimdTensor y) {
        for (int row = 0; row < x.rows(); row++) {
            add(x.floats(), row * x.stride(), y.floats(), 0, x.columns());
        }
    }

    /** {@code x *= factor}. */
    public static void scale(SimdTensor x, float factor) {
        int rows = rows(x, x);
        int columns = Math.toIntExact(x.size() / rows);
        for (int row = 0; row < rows; row++) {
            scale(x.floats(), row * x.stride(), columns, factor);
        }
    }

    /** {@code x[i, :] *= factors[i, 0]}. */
    public static void scaleRows(SimdTensor x, SimdTensor factors) {
        for (int row = 0; row < x.rows(); row++) {
            scale(x.floats(), row * x.stride(), x.columns(), factors.floats().get(row * factors.stride()));
        }
    }

    /** Multiplies a range. */
    public static void scale(Floats x, int first, int count, float factor) {
        int i = first;
        int end = first + count;
        for (; i <= end - LANES; i += LANES) {
            x.store(i, x.load(i).mul(factor));
        }
        if (i < end) {
            x.storePart(i, end - i, x.load(i).mul(factor));
        }
    }

    /** In 64 bits. */
    public static double sumOfSquares(SimdTensor x) {
        int rows = rows(x, x);
        int columns = Math.toIntExact(x.size() / rows);
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            int first = row * x.stride();
            for (int i = 0; i < columns; i += SUM_CHUNK) {
                sum += sumOfSquares(x.floats(), first + i, first + Math.min(i + SUM_CHUNK, columns));
            }
        }
        return sum;
    }

    private static double sumOfSquares(Floats x, int from, int end) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = from;
        for (; i <= end - LANES; i += LANES) {
            FloatVector v = x.load(i);
            sum = v.fma(v, sum);
        }
        if (i < end) {
            FloatVector v = x.loadPart(i, end - i, 0f);
            sum = v.fma(v, sum);
        }
        return Elementary.sum(sum);
    }

    /** One update of flat vectors. */
    public static void adamW(
            AdamWStep step, SimdTensor weights, SimdTensor gradient, SimdTensor first, SimdTensor second) {
        AdamWLoop loop = new AdamWLoop(step, weights.floats(), gradient.floats(), first.floats(), second.floats());
        int count = Math.toIntExact(weights.size());
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            loop.whole(i);
        }
        if (i < count) {
            loop.part(i, count - i);
        }
    }

    /** The body of AdamW's loop over the flat vectors. */
    static final class AdamWLoop {
        private final Floats weights;
        private final Floats gradient;
        private final Floats first;
        private final Floats second;
        private final float gradientScale;
        private final float beta1;
        private final float beta2;
        private final float secondCorrection;
        private final float epsilon;
        private final float rate;
        private final float keep;

        AdamWLoop(AdamWStep step, Floats weights, Floats gradient, Floats first, Floats second) {
            this.weights = weights;
            this.gradient = gradient;
            this.first = first;
            this.second = second;
            this.gradientScale = (float) step.gradientScale();
            this.beta1 = (float) step.beta1();
            this.beta2 = (float) step.beta2();
            this.secondCorrection = (float) step.secondCorrection();
            this.epsilon = (float) step.epsilon();
            this.rate = (float) (step.learningRate() * step.firstCorrection());
            this.keep = (float) (1.0 - step.learningRate() * step.weightDecay());
        }

        void whole(int i) {
            FloatVector g = gradient.load(i).mul(gradientScale);
            FloatVector m = firstMoment(first.load(i), g);
            FloatVector v = secondMoment(second.load(i), g);
            first.store(i, m);
            second.store(i, v);
            weights.store(i, moved(weights.load(i), m, v));
        }

        void part(int i, int count) {
            FloatVector g = gradient.load(i).mul(gradientScale);
            FloatVector m = firstMoment(first.load(i), g);
            FloatVector v = secondMoment(second.load(i), g);
            FloatVector w = moved(weights.load(i), m, v);
            first.storePart(i, count, m);
            second.storePart(i, count, v);
            weights.storePart(i, count, w);
        }

        private FloatVector firstMoment(FloatVector old, FloatVector g) {
            return g.sub(old).fma(FloatVector.broadcast(SPECIES, 1f - beta1), old);
        }

        private FloatVector secondMoment(FloatVector old, FloatVector g) {
            return old.mul(beta2).add(g.mul(g).mul(1f - beta2));
        }

        private FloatVector moved(FloatVector weight, FloatVector m, FloatVector v) {
            FloatVector deviation = v.mul(secondCorrection).sqrt().add(epsilon);
            return weight.mul(keep).sub(m.mul(rate).div(deviation));
        }
    }
}
