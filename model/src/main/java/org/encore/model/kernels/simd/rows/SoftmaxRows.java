package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.vectors.Elementary;

/**
 * Loops over rows of attention scores.
 *
 * <p>The methods on visible scores need room for whole vectors in each row, and write zeros after the visible scores in the last vector.
 */
public final class SoftmaxRows {
    /** Padding after the end of a row: below every other score, masked ones included. */
    private static final float ABSENT = -2e30f;

    private SoftmaxRows() {}

    /** The largest of a range. */
    public static float max(Floats x, int from, int count) {
        FloatVector max = FloatVector.broadcast(SPECIES, ABSENT);
        int end = from + count;
        int j = from;
        for (; j <= end - LANES; j += LANES) {
            max = max.max(x.load(j));
        }
        if (j < end) {
            max = max.max(x.loadPart(j, end - j, ABSENT));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /** Softmax of a range, in place. */
    public static void softmax(Floats x, int from, int count) {
        float max = max(x, from, count);
        int whole = SPECIES.loopBound(count);
        float total = wholeExponentials(x, from, from + whole, max);
        if (whole < count) {
            total += partExponentials(x, from + whole, count - whole, max);
        }
        Pointwise.scale(x, from, count, 1f / total);
    }

    private static float partExponentials(Floats x, int from, int count, float max) {
        FloatVector e = Elementary.exp(x.loadPart(from, count, ABSENT).sub(max));
        x.storePart(from, count, e);
        return Elementary.sum(e);
    }

    /**
     * Masks the elements between the visible scores of a row and the end of their last vector, so that loops over whole vectors write zeros there; returns that end.
     */
    public static int hide(Floats x, int from, int seen) {
        return fillVector(x, from, seen, ABSENT);
    }

    private static int fillVector(Floats x, int from, int count, float value) {
        int end = from + (count + LANES - 1) / LANES * LANES;
        for (int j = from + count; j < end; j++) {
            x.set(j, value);
        }
        return end;
    }

    /** Turns whole vectors into their exponentials relative to a maximum; returns the sum. */
    public static float exponentials(Floats x, int from, int end, float max) {
        return wholeExponentials(x, from, end, max);
    }

    private static float wholeExponentials(Floats x, int from, int end, float max) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = from; j < end; j += LANES) {
            FloatVector e = Elementary.exp(x.load(j).sub(max));
            x.store(j, e);
            sum = sum.add(e);
        }
        return Elementary.sum(sum);
    }

    /** Visible scores become weights, {@code p = exp(score - logSum)}, and their gradients {@code p * (dp - mean)}. */
    public static void gradient(Floats scores, Floats dp, int from, int seen, float logSum, float mean) {
        int end = hide(scores, from, seen);
        fillVector(dp, from, seen, mean);
        wholeGradient(scores, dp, from, end, logSum, mean);
    }

    private static void wholeGradient(Floats scores, Floats dp, int from, int end, float logSum, float mean) {
        for (int j = from; j < end; j += LANES) {
            FloatVector centred = dp.load(j).sub(mean);
            FloatVector p = Elementary.exp(scores.load(j).sub(logSum));
            scores.store(j, p);
            dp.store(j, centred.mul(p));
        }
    }

    /** {@code dp = p * (dp - Σ_j dp p)}. */
    public static void gradient(Floats p, int from, Floats dp, int at, int count) {
        float mean = dot(p, from, dp, at, count);
        int j = 0;
        for (; j <= count - LANES; j += LANES) {
            dp.store(at + j, dp.load(at + j).sub(mean).mul(p.load(from + j)));
        }
        if (j < count) {
            dp.storePart(at + j, count - j, dp.load(at + j).sub(mean).mul(p.load(from + j)));
        }
    }

    /** The sum of products of two ranges. */
    public static float dot(Floats x, int from, Floats y, int at, int count) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= count - LANES; j += LANES) {
            sum = x.load(from + j).fma(y.load(at + j), sum);
        }
        if (j < count) {
            sum = x.loadPart(from + j, count - j, 0f).fma(y.loadPart(at + j, count - j, 0f), sum);
        }
        return Elementary.sum(sum);
    }

    /** Zeros from an index to the end of the vector that holds the last. */
    public static void clear(Floats x, int from, int end) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int j = from; j < end; j += LANES) {
            x.store(j, zero);
        }
    }
}
