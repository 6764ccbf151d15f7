package org.encore.model.kernels.simd;

import static jdk.incubator.vector.VectorOperators.AND_NOT;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Elementary functions of vectors, by polynomials of our own: the same bits on every processor with the same number of lanes,
 * and no call out of the loop.
 */
final class Elementary {
    private static final float LOG2_E = 1.442695f;
    /** Adding it rounds to an integer, which then lies in the lowest bits. */
    private static final float ROUNDING = 12582912f;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
    private static final int LEAST_EXPONENT = -126;
    /** ln 2 in two parts, the first with so few bits that its products are exact. */
    private static final float LN2_HIGH = 0.6933594f;

    private static final float LN2_LOW = -2.1219444e-4f;

    /** Abramowitz and Stegun 7.1.26, on x / √2; the error is at most 1.5e-7. */
    private static final float ERF_P = (float) (0.3275911 * Math.sqrt(0.5));

    private static final float INVERSE_ROOT_TWO_PI = (float) (1.0 / Math.sqrt(2.0 * Math.PI));
    private static final float ROOT_TWO_BY_PI = (float) Math.sqrt(2.0 / Math.PI);
    private static final float GELU_TANH_CUBIC = 0.044715f;

    private Elementary() {}

    /**
     * The exponential of numbers that are not above 88, with a relative error of about 1e-7; exactly 0 below -87.7, NaN for
     * NaN and infinities.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector rounded = rounded(x);
        return exp(rounded, remainder(x, rounded));
    }

    /** {@code x / ln 2}, rounded to an integer that lies in the lowest bits. */
    static FloatVector rounded(FloatVector x) {
        return x.fma(constant(LOG2_E), constant(ROUNDING));
    }

    /** What is left of x. */
    static FloatVector remainder(FloatVector x, FloatVector rounded) {
        FloatVector n = rounded.sub(ROUNDING);
        return n.fma(constant(-LN2_LOW), n.fma(constant(-LN2_HIGH), x));
    }

    /** The exponential, given the two parts of its argument. */
    static FloatVector exp(FloatVector rounded, FloatVector r) {
        FloatVector p = constant(1.9875691e-4f);
        p = p.fma(r, constant(1.3981999e-3f));
        p = p.fma(r, constant(8.333452e-3f));
        p = p.fma(r, constant(4.1665796e-2f));
        p = p.fma(r, constant(1.6666666e-1f));
        p = p.fma(r, constant(0.5f));
        p = p.fma(r.mul(r), r.add(1f));
        IntVector bits = rounded.reinterpretAsInts();
        // All ones where 2^n underflows, also where x is so low that rounding went wrong.
        IntVector underflows = bits.sub(ROUNDING_BITS + LEAST_EXPONENT).or(bits).lanewise(ASHR, 31);
        FloatVector scaled = p.reinterpretAsInts()
                .add(bits.lanewise(LSHL, 23))
                .lanewise(AND_NOT, underflows)
                .reinterpretAsFloats();
        // Nothing, unless x is no number.
        return scaled.add(r.sub(r));
    }

    /** {@code x Φ(x)}. */
    static FloatVector gelu(FloatVector x) {
        return gelu(x, exp(x.mul(x).mul(-0.5f)));
    }

    /** {@code x Φ(x)}, given {@code exp(-x² / 2)}. */
    static FloatVector gelu(FloatVector x, FloatVector bell) {
        FloatVector magnitude = x.abs();
        FloatVector tail = normalTail(magnitude, bell);
        // max(x, 0) - |x| tail: no difference of nearly equal numbers on either side.
        return x.add(magnitude).mul(0.5f).sub(magnitude.mul(tail));
    }

    /** {@code Φ(x) + x φ(x)}. */
    static FloatVector geluSlope(FloatVector x) {
        FloatVector bell = exp(x.mul(x).mul(-0.5f));
        FloatVector half = constant(0.5f).sub(normalTail(x.abs(), bell));
        return x.mul(bell)
                .fma(constant(INVERSE_ROOT_TWO_PI), withSignOf(x, half).add(0.5f));
    }

    /** {@code 1 - Φ(|x|)}, given {@code exp(-x² / 2)}. */
    private static FloatVector normalTail(FloatVector magnitude, FloatVector bell) {
        FloatVector t = constant(1f).div(magnitude.fma(constant(ERF_P), constant(1f)));
        FloatVector p = constant(1.0614054f);
        p = p.fma(t, constant(-1.4531521f));
        p = p.fma(t, constant(1.4214138f));
        p = p.fma(t, constant(-0.28449672f));
        p = p.fma(t, constant(0.2548296f));
        return p.mul(t).mul(bell).mul(0.5f);
    }

    /** {@code x (1 + tanh u) / 2 = x / (1 + exp(-2u))} with {@code u = √(2/π) (x + 0.044715 x³)}. */
    static FloatVector geluTanh(FloatVector x) {
        return x.mul(tanhGate(x));
    }

    /** With g the gate: {@code g + 2 x g (1 - g) u'}. */
    static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector gate = tanhGate(x);
        FloatVector inner =
                x.mul(x).fma(constant(3 * GELU_TANH_CUBIC), constant(1f)).mul(2 * ROOT_TWO_BY_PI);
        return x.mul(inner).mul(gate).fma(constant(1f).sub(gate), gate);
    }

    private static FloatVector tanhGate(FloatVector x) {
        FloatVector u =
                x.mul(x).fma(constant(GELU_TANH_CUBIC), constant(1f)).mul(x).mul(ROOT_TWO_BY_PI);
        FloatVector e = exp(u.abs().mul(-2f));
        // 1/2 ± (1 - e) / (2 (1 + e)): the exponential's argument is never positive.
        FloatVector half = constant(0.5f).sub(e.mul(0.5f)).div(e.add(1f));
        return withSignOf(x, half).add(0.5f);
    }

    /** A number that is not negative with the sign of another. */
    private static FloatVector withSignOf(FloatVector x, FloatVector magnitude) {
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return magnitude.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(Floats.SPECIES, value);
    }
}
