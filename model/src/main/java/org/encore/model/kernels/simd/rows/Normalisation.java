package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Layer and root-mean-square normalisation, a row at a time, in the first-level cache. */
public final class Normalisation {
    // Operands of a gradient: the gradient of a result, outputs of the forward pass, and the gradient of the input.
    private SimdTensor dy;
    private SimdTensor normalised;
    private SimdTensor inverseDeviation;
    private SimdTensor dx;

    /** {@link org.encore.model.kernels.Kernels#layerNorm}. */
    public static void layerNorm(
            SimdTensor x,
            LayerNormWeights w,
            double epsilon,
            SimdTensor normalised,
            SimdTensor inverseDeviation,
            SimdTensor y) {
        Floats gain = SimdTensor.of(w.gain()).floats();
        Floats bias = SimdTensor.of(w.bias()).floats();
        int width = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = row * x.stride();
            float mean = sum(x.floats(), from, width) / width;
            double variance = squares(x.floats(), from, width, mean) / width;
            float inverse = (float) (1.0 / Math.sqrt(variance + epsilon));
            inverseDeviation.floats().set(row * inverseDeviation.stride(), inverse);
            Floats standard = normalised.floats();
            int at = row * normalised.stride();
            standardise(x.floats(), from, mean, inverse, standard, at, width);
            affine(standard, at, gain, bias, y.floats(), row * y.stride(), width);
        }
    }

    /** {@link org.encore.model.kernels.Kernels#rmsNorm}. */
    public static void rmsNorm(
            SimdTensor x,
            SimdTensor gain,
            double epsilon,
            SimdTensor normalised,
            SimdTensor inverseDeviation,
            SimdTensor y) {
        int width = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = row * x.stride();
            double meanSquare = squares(x.floats(), from, width, 0f) / width;
            float inverse = (float) (1.0 / Math.sqrt(meanSquare + epsilon));
            inverseDeviation.floats().set(row * inverseDeviation.stride(), inverse);
            Floats standard = normalised.floats();
            int at = row * normalised.stride();
            standardise(x.floats(), from, 0f, inverse, standard, at, width);
            affine(standard, at, gain.floats(), null, y.floats(), row * y.stride(), width);
        }
    }

    private static float sum(Floats x, int from, int count) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            sum = sum.add(x.load(from + i));
        }
        if (i < count) {
            sum = sum.add(x.loadPart(from + i, count - i, 0f));
        }
        return Elementary.sum(sum);
    }

    /** {@code Σ (x - centre)²}. */
    private static float squares(Floats x, int from, int count, float centre) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector d = x.load(from + i).sub(centre);
            sum = d.fma(d, sum);
        }
        if (i < count) {
            FloatVector d = x.loadPart(from + i, count - i, centre).sub(centre);
            sum = d.fma(d, sum);
        }
        return Elementary.sum(sum);
    }

    /** {@code y = (x - mean) * inverse}. */
    private static void standardise(Floats x, int from, float mean, float inverse, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, x.load(from + i).sub(mean).mul(inverse));
        }
        if (i < count) {
            y.storePart(to + i, count - i, x.load(from + i).sub(mean).mul(inverse));
        }
    }

    /** {@code y = x * gain + bias}; {@code bias} may be null. */
    private static void affine(Floats x, int from, Floats gain, Floats bias, Floats y, int to, int count) {
        FloatVector zero = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, x.load(from + i).fma(gain.load(i), bias == null ? zero : bias.load(i)));
        }
        if (i < count) {
            FloatVector v = x.load(from + i).fma(gain.load(i), bias == null ? zero : bias.load(i));
            y.storePart(to + i, count - i, v);
        }
    }

    /** Sets the operands of the next gradient; the last accumulates. */
    public Normalisation place(
            SimdTensor gradient, SimdTensor kept, SimdTensor keptDeviation, SimdTensor inputGradient) {
        dy = gradient;
        normalised = kept;
        inverseDeviation = keptDeviation;
        dx = inputGradient;
        return this;
    }

    /** Adds to the gradients of gain and input; the gradient of the result is destroyed. */
    public void rmsNormGradient(SimdTensor gain, SimdTensor dgain) {
        for (int row = 0; row < dy.rows(); row++) {
            float correlation = throughGain(row, gain.floats(), dgain.floats());
            addToInput(row, 0f, correlation);
        }
    }

    /** Adds to the gradients of gain, bias and input; the gradient of the result is destroyed. */
    public void layerNormGradient(LayerNormWeights w, LayerNormWeights dw) {
        Floats gain = SimdTensor.of(w.gain()).floats();
        Floats dgain = SimdTensor.of(dw.gain()).floats();
        Pointwise.addRows(dy, SimdTensor.of(dw.bias()));
        int width = dy.columns();
        for (int row = 0; row < dy.rows(); row++) {
            float correlation = throughGain(row, gain, dgain);
            addToInput(row, sum(dy.floats(), row * dy.stride(), width) / width, correlation);
        }
    }

    /** {@code dgain += dy * normalised; dy *= gain} for a row; returns the mean of the new {@code dy * normalised}. */
    private float throughGain(int row, Floats gain, Floats dgain) {
        Floats g = dy.floats();
        Floats standard = normalised.floats();
        int at = row * dy.stride();
        int place = row * normalised.stride();
        int width = dy.columns();
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            FloatVector product = g.load(at + i).mul(standard.load(place + i));
            dgain.store(i, dgain.load(i).add(product));
            sum = product.fma(gain.load(i), sum);
            g.store(at + i, g.load(at + i).mul(gain.load(i)));
        }
        if (i < width) {
            FloatVector product = g.loadPart(at + i, width - i, 0f).mul(standard.loadPart(place + i, width - i, 0f));
            dgain.storePart(i, width - i, dgain.load(i).add(product));
            sum = product.fma(gain.loadPart(i, width - i, 0f), sum);
            g.storePart(at + i, width - i, g.load(at + i).mul(gain.load(i)));
        }
        return Elementary.sum(sum) / width;
    }

    /** {@code dx += (dy - mean - normalised * correlation) * inverseDeviation} for a row. */
    private void addToInput(int row, float mean, float correlation) {
        Floats g = dy.floats();
        Floats standard = normalised.floats();
        Floats out = dx.floats();
        int at = row * dy.stride();
        int place = row * normalised.stride();
        int to = row * dx.stride();
        int width = dy.columns();
        float inverse = inverseDeviation.floats().get(row * inverseDeviation.stride());
        FloatVector slope = FloatVector.broadcast(SPECIES, -correlation * inverse);
        FloatVector factor = FloatVector.broadcast(SPECIES, inverse);
        FloatVector shift = FloatVector.broadcast(SPECIES, -mean * inverse);
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            FloatVector part =
                    standard.load(place + i).fma(slope, out.load(to + i).add(shift));
            out.store(to + i, g.load(at + i).fma(factor, part));
        }
        if (i < width) {
            FloatVector part =
                    standard.load(place + i).fma(slope, out.load(to + i).add(shift));
            out.storePart(to + i, width - i, g.load(at + i).fma(factor, part));
        }
    }
}
