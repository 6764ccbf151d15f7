package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;

/** Layer and root-mean-square normalisation, a row at a time while it lies in the nearest cache. */
public final class Normalisation {
    private Normalisation() {}

    /** What a normalisation leaves for its gradient, and its result. */
    public record Output(SimdTensor normalised, SimdTensor inverseDeviation, SimdTensor y) {}

    public static void layerNorm(SimdTensor x, LayerNormWeights w, double epsilon, Output out) {
        Floats gain = SimdTensor.of(w.gain()).floats();
        Floats bias = SimdTensor.of(w.bias()).floats();
        int width = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = row * x.stride();
            float mean = sum(x.floats(), from, width) / width;
            double variance = squares(x.floats(), from, width, mean) / width;
            float inverse = (float) (1.0 / Math.sqrt(variance + epsilon));
            out.inverseDeviation().floats().set(row * out.inverseDeviation().stride(), inverse);
            Floats normalised = out.normalised().floats();
            int at = row * out.normalised().stride();
            standardise(x.floats(), from, mean, inverse, normalised, at, width);
            affine(normalised, at, gain, bias, out.y().floats(), row * out.y().stride(), width);
        }
    }

    public static void rmsNorm(SimdTensor x, SimdTensor gain, double epsilon, Output out) {
        int width = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = row * x.stride();
            double meanSquare = squares(x.floats(), from, width, 0f) / width;
            float inverse = (float) (1.0 / Math.sqrt(meanSquare + epsilon));
            out.inverseDeviation().floats().set(row * out.inverseDeviation().stride(), inverse);
            Floats normalised = out.normalised().floats();
            int at = row * out.normalised().stride();
            standardise(x.floats(), from, 0f, inverse, normalised, at, width);
            affine(
                    normalised,
                    at,
                    gain.floats(),
                    null,
                    out.y().floats(),
                    row * out.y().stride(),
                    width);
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
        return sum.reduceLanes(VectorOperators.ADD);
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
        return sum.reduceLanes(VectorOperators.ADD);
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

    /** {@code y = x * gain + bias}; a bias of null is none. */
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

    /** Adds to the gradients of gain and input; {@code dy} is destroyed. */
    public static void rmsNormGradient(Gradient g, SimdTensor gain, SimdTensor dgain) {
        for (int row = 0; row < g.dy().rows(); row++) {
            float correlation = throughGain(g, row, gain.floats(), dgain.floats());
            addToInput(g, row, 0f, correlation);
        }
    }

    /** Adds to the gradients of gain, bias and input; {@code dy} is destroyed. */
    public static void layerNormGradient(Gradient g, LayerNormWeights w, LayerNormWeights dw) {
        Floats gain = SimdTensor.of(w.gain()).floats();
        Floats dgain = SimdTensor.of(dw.gain()).floats();
        Pointwise.addRows(g.dy(), SimdTensor.of(dw.bias()));
        int width = g.dy().columns();
        for (int row = 0; row < g.dy().rows(); row++) {
            float correlation = throughGain(g, row, gain, dgain);
            addToInput(g, row, sum(g.dy().floats(), row * g.dy().stride(), width) / width, correlation);
        }
    }

    /** The gradient of a result, what the forward pass kept, and the gradient of the input, which is added to. */
    public record Gradient(SimdTensor dy, SimdTensor normalised, SimdTensor inverseDeviation, SimdTensor dx) {}

    /** {@code dgain += dy * normalised; dy *= gain} for a row; returns the mean of the new {@code dy * normalised}. */
    private static float throughGain(Gradient g, int row, Floats gain, Floats dgain) {
        Floats dy = g.dy().floats();
        Floats normalised = g.normalised().floats();
        int at = row * g.dy().stride();
        int place = row * g.normalised().stride();
        int width = g.dy().columns();
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            FloatVector product = dy.load(at + i).mul(normalised.load(place + i));
            dgain.store(i, dgain.load(i).add(product));
            sum = product.fma(gain.load(i), sum);
            dy.store(at + i, dy.load(at + i).mul(gain.load(i)));
        }
        if (i < width) {
            FloatVector product = dy.loadPart(at + i, width - i, 0f).mul(normalised.loadPart(place + i, width - i, 0f));
            dgain.storePart(i, width - i, dgain.load(i).add(product));
            sum = product.fma(gain.loadPart(i, width - i, 0f), sum);
            dy.storePart(at + i, width - i, dy.load(at + i).mul(gain.load(i)));
        }
        return sum.reduceLanes(VectorOperators.ADD) / width;
    }

    /** {@code dx += (dy - mean - normalised * correlation) * inverseDeviation} for a row. */
    private static void addToInput(Gradient g, int row, float mean, float correlation) {
        Floats dy = g.dy().floats();
        Floats normalised = g.normalised().floats();
        Floats dx = g.dx().floats();
        int at = row * g.dy().stride();
        int place = row * g.normalised().stride();
        int to = row * g.dx().stride();
        int width = g.dy().columns();
        float inverse =
                g.inverseDeviation().floats().get(row * g.inverseDeviation().stride());
        FloatVector slope = FloatVector.broadcast(SPECIES, -correlation * inverse);
        FloatVector factor = FloatVector.broadcast(SPECIES, inverse);
        FloatVector shift = FloatVector.broadcast(SPECIES, -mean * inverse);
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            FloatVector part =
                    normalised.load(place + i).fma(slope, dx.load(to + i).add(shift));
            dx.store(to + i, dy.load(at + i).fma(factor, part));
        }
        if (i < width) {
            FloatVector part =
                    normalised.load(place + i).fma(slope, dx.load(to + i).add(shift));
            dx.storePart(to + i, width - i, dy.load(at + i).fma(factor, part));
        }
    }
}
