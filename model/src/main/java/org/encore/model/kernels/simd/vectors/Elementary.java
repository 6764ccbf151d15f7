package org.encore.model.kernels.simd.vectors;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.encore.model.kernels.simd.memory.Floats;

/**
 * Elementary functions of vectors.
 *
 * <p>The compiler does not inline calls in long loops, and a vector that crosses a call becomes an object. So these functions are short, call others before they compute, and loops around the longer ones store results without a call.
 */
public final class Elementary {
    private static final float LOG2_E = 1.442695f;
    private static final float LN2 = 0.6931472f;
    /** Adding it rounds to an integer in the lowest bits. */
    private static final float ROUNDING = 12582912f;

    /** Of the polynomial {@code 1 + r + EXP_2 r² + …} nearest to the exponential between -ln 2 / 2 and ln 2 / 2. */
    private static final float EXP_2 = 0.49999994f;

    private static final float EXP_3 = 0.16666521f;
    private static final float EXP_4 = 0.04166839f;
    private static final float EXP_5 = 0.008368717f;
    private static final float EXP_6 = 0.0013814598f;

    /** Below it the exponential is not a normal number. */
    public static final float LEAST = -87f;

    /** The exponential of {@link #LEAST}. */
    public static final float LEAST_EXP = leastExp();

    /** Abramowitz and Stegun 7.1.26, for x / √2 and halved; its error is at most 0.75e-7. */
    private static final float TAIL_P = (float) (0.3275911 * Math.sqrt(0.5));

    private static final float TAIL_1 = 0.2548296f / 2;
    private static final float TAIL_2 = -0.28449672f / 2;
    private static final float TAIL_3 = 1.4214138f / 2;
    private static final float TAIL_4 = -1.4531521f / 2;
    private static final float TAIL_5 = 1.0614054f / 2;

    private static final float INVERSE_ROOT_TWO_PI = (float) (1.0 / Math.sqrt(2.0 * Math.PI));
    private static final float ROOT_EIGHT_BY_PI = (float) Math.sqrt(8.0 / Math.PI);
    private static final float GELU_TANH_CUBIC = 0.044715f;

    private Elementary() {}

    private static float leastExp() {
        FloatVector least = FloatVector.broadcast(SPECIES, LEAST);
        FloatVector rounded = rounded(least);
        return exp(rounded, remainder(least, rounded)).lane(0);
    }

    /** The exponential of numbers that are at most 88, with a relative error of about 1e-7; exactly 0 from -87 down. */
    public static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(LEAST);
        FloatVector rounded = rounded(bounded);
        return exp(rounded, remainder(bounded, rounded)).sub(LEAST_EXP);
    }

    /** {@code x / ln 2} for x in [-87, 88], rounded to an integer in the lowest bits. */
    public static FloatVector rounded(FloatVector x) {
        return x.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUNDING));
    }

    /** The remainder of x. */
    public static FloatVector remainder(FloatVector x, FloatVector rounded) {
        return rounded.sub(ROUNDING).fma(FloatVector.broadcast(SPECIES, -LN2), x);
    }

    /** {@code 2^n exp(r)}: the exponential, given the two parts of its argument. */
    public static FloatVector exp(FloatVector rounded, FloatVector r) {
        FloatVector p = FloatVector.broadcast(SPECIES, EXP_6);
        p = p.fma(r, FloatVector.broadcast(SPECIES, EXP_5));
        p = p.fma(r, FloatVector.broadcast(SPECIES, EXP_4));
        p = p.fma(r, FloatVector.broadcast(SPECIES, EXP_3));
        p = p.fma(r, FloatVector.broadcast(SPECIES, EXP_2));
        p = p.fma(r.mul(r), r.add(1f));
        IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** x above 0, {@code exp(x) - 1} below. */
    public static FloatVector elu(FloatVector x) {
        return elu(x, eluSlope(x));
    }

    /** {@link #elu(FloatVector)}, given its slope. */
    public static FloatVector elu(FloatVector x, FloatVector slope) {
        return x.max(0f).add(slope.sub(1f));
    }

    /** 1 above 0, {@code exp(x)} below. */
    public static FloatVector eluSlope(FloatVector x) {
        return exp(x.min(0f));
    }

    /** {@code 1 / (1 + exp(-x))}. */
    public static FloatVector sigmoid(FloatVector x) {
        // The exponential's argument is never positive: where x is, the result is one minus that of -x.
        FloatVector e = exp(x.abs().neg());
        FloatVector low = e.div(e.add(1f));
        return low.blend(FloatVector.broadcast(SPECIES, 1f).sub(low), x.compare(GE, 0f));
    }

    /** The hyperbolic tangent, with an absolute error of about 1e-7. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector e = exp(x.abs().mul(-2f));
        FloatVector magnitude = FloatVector.broadcast(SPECIES, 1f).sub(e).div(e.add(1f));
        return magnitude.blend(magnitude.neg(), x.compare(LT, 0f));
    }

    /** {@code x Φ(x)}. */
    public static FloatVector gelu(FloatVector x) {
        return gelu(x, bell(x));
    }

    /** {@code x Φ(x)}, given the {@link #bell}. */
    public static FloatVector gelu(FloatVector x, FloatVector bell) {
        FloatVector magnitude = x.abs();
        FloatVector tail = tailByBell(magnitude).mul(bell);
        // max(x, 0) - |x| tail: no difference of nearly equal numbers on either side.
        return x.add(magnitude).mul(0.5f).sub(magnitude.mul(tail));
    }

    /** {@code exp(-x² / 2)}. */
    public static FloatVector bell(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f));
    }

    /** {@code Φ(x) + x φ(x)}, given the {@link #bell}. */
    public static FloatVector geluSlope(FloatVector x, FloatVector bell) {
        FloatVector tail = tailByBell(x.abs()).mul(bell);
        FloatVector cumulative = tail.blend(FloatVector.broadcast(SPECIES, 1f).sub(tail), x.compare(GE, 0f));
        return x.mul(bell).fma(FloatVector.broadcast(SPECIES, INVERSE_ROOT_TWO_PI), cumulative);
    }

    /** {@code (1 - Φ(|x|)) / exp(-x² / 2)}. */
    private static FloatVector tailByBell(FloatVector magnitude) {
        FloatVector t = FloatVector.broadcast(SPECIES, 1f)
                .div(magnitude.fma(FloatVector.broadcast(SPECIES, TAIL_P), FloatVector.broadcast(SPECIES, 1f)));
        FloatVector p = FloatVector.broadcast(SPECIES, TAIL_5);
        p = p.fma(t, FloatVector.broadcast(SPECIES, TAIL_4));
        p = p.fma(t, FloatVector.broadcast(SPECIES, TAIL_3));
        p = p.fma(t, FloatVector.broadcast(SPECIES, TAIL_2));
        p = p.fma(t, FloatVector.broadcast(SPECIES, TAIL_1));
        return p.mul(t);
    }

    /** {@code x (1 + tanh u) / 2}, u as of {@link #tanhGate}. */
    public static FloatVector geluTanh(FloatVector x) {
        return x.mul(tanhGate(x));
    }

    /** {@code g + 2 x g (1 - g) u'}, given the {@link #tanhGate} g. */
    public static FloatVector geluTanhSlope(FloatVector x, FloatVector gate) {
        FloatVector inner = x.mul(x)
                .fma(FloatVector.broadcast(SPECIES, 3 * GELU_TANH_CUBIC), FloatVector.broadcast(SPECIES, 1f))
                .mul(x)
                .mul(ROOT_EIGHT_BY_PI);
        return inner.mul(gate).fma(FloatVector.broadcast(SPECIES, 1f).sub(gate), gate);
    }

    /** {@code (1 + tanh u) / 2 = 1 / (1 + exp(-2u))} with {@code u = √(2/π) (x + 0.044715 x³)}. */
    public static FloatVector tanhGate(FloatVector x) {
        FloatVector twice = x.mul(x)
                .fma(FloatVector.broadcast(SPECIES, GELU_TANH_CUBIC), FloatVector.broadcast(SPECIES, 1f))
                .mul(x)
                .mul(ROOT_EIGHT_BY_PI);
        // The exponential's argument is never positive: where u is, the result is one minus that of -u.
        FloatVector e = exp(twice.abs().neg());
        FloatVector low = e.div(e.add(1f));
        return low.blend(FloatVector.broadcast(SPECIES, 1f).sub(low), x.compare(GE, 0f));
    }

    /**
     * The sum of all lanes, begun with the first.
     *
     * <p>So adds {@code reduceLanes} of Java 17; newer ones choose an order of their own, which would change the bits of a run.
     */
    public static float sum(FloatVector v) {
        if (!Floats.SEGMENTS) {
            return v.reduceLanes(ADD);
        }
        return switch (LANES) {
            case 16 ->
                sum8(v)
                        + v.lane(8)
                        + v.lane(9)
                        + v.lane(10)
                        + v.lane(11)
                        + v.lane(12)
                        + v.lane(13)
                        + v.lane(14)
                        + v.lane(15);
            case 8 -> sum8(v);
            case 4 -> sum4(v);
            default -> sumOfAny(v);
        };
    }

    /** Without a loop: only the index of a lane that is known when it is compiled is fast. */
    private static float sum4(FloatVector v) {
        return 0f + v.lane(0) + v.lane(1) + v.lane(2) + v.lane(3);
    }

    private static float sum8(FloatVector v) {
        return sum4(v) + v.lane(4) + v.lane(5) + v.lane(6) + v.lane(7);
    }

    private static float sumOfAny(FloatVector v) {
        float sum = 0f;
        for (float lane : v.toArray()) {
            sum += lane;
        }
        return sum;
    }
}
