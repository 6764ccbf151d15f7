package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.Memory;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Log-softmax, pick, entropy and exact KL of rows of logits, and their gradient, a row at a time. */
public final class LogitRows {
    /** Padding after the end of a row: its exponential is 0, and 0 times it is 0. */
    private static final float ABSENT = -1e30f;

    private final Memory memory;

    /** Takes its scratch from a memory. */
    public LogitRows(Memory memory) {
        this.memory = memory;
    }

    /** {@link org.encore.model.kernels.Kernels#policyRows}. */
    public void statistics(
            SimdTensor logits,
            double inverseTemperature,
            int[] targets,
            SimdTensor reference,
            RowStatistics statistics) {
        logits.requireTargets(targets);
        Floats x = logits.floats();
        int width = logits.columns();
        Floats e = memory.scratch("exponentials", width + LANES).floats();
        for (int row = 0; row < targets.length; row++) {
            int from = row * logits.stride();
            float max = scaledMax(x, from, width, (float) inverseTemperature);
            double total = exponentials(x, from, width, max, e);
            double weighted = weighted(x, from, width, max, e);
            double logTotal = Math.log(total);
            shift(x, from, width, max, (float) logTotal);
            if (targets[row] >= 0) {
                double meanLogProb = weighted / total - logTotal;
                statistics.logProbs()[row] = x.get(from + targets[row]);
                statistics.entropies()[row] = -meanLogProb;
                if (reference != null) {
                    int at = row * reference.stride();
                    double weightedReference = SoftmaxRows.dot(e, 0, reference.floats(), at, width);
                    statistics.kls()[row] = meanLogProb - weightedReference / total;
                }
            }
        }
    }

    /** Scales a row and returns its largest number. */
    private static float scaledMax(Floats x, int from, int count, float factor) {
        if (factor != 1f) {
            Pointwise.scale(x, from, count, factor);
        }
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

    /** {@code e = exp(x - max)}, with zeros up to the end of a vector; returns its sum. */
    private static double exponentials(Floats x, int from, int count, float max, Floats e) {
        int whole = SPECIES.loopBound(count);
        double sum = wholeExponentials(x, from, whole, max, e);
        return whole < count ? sum + lastExponentials(x, from + whole, count - whole, max, e, whole) : sum;
    }

    private static double wholeExponentials(Floats x, int from, int whole, float max, Floats e) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector v = Elementary.exp(x.load(from + j).sub(max));
            e.store(j, v);
            sum = sum.add(v);
        }
        return Elementary.sum(sum);
    }

    private static double lastExponentials(Floats x, int from, int count, float max, Floats e, int at) {
        FloatVector v = Elementary.exp(x.loadPart(from, count, ABSENT).sub(max));
        e.store(at, v);
        return Elementary.sum(v);
    }

    /** {@code Σ e (x - max)}. */
    private static double weighted(Floats x, int from, int count, float max, Floats e) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= count - LANES; j += LANES) {
            sum = x.load(from + j).sub(max).fma(e.load(j), sum);
        }
        if (j < count) {
            sum = x.loadPart(from + j, count - j, max).sub(max).fma(e.load(j), sum);
        }
        return Elementary.sum(sum);
    }

    /** {@code x = x - max - logTotal}, in this order: their sum may lose digits. */
    private static void shift(Floats x, int from, int count, float max, float logTotal) {
        int end = from + count;
        int j = from;
        for (; j <= end - LANES; j += LANES) {
            x.store(j, x.load(j).sub(max).sub(logTotal));
        }
        if (j < end) {
            x.storePart(j, end - j, x.load(j).sub(max).sub(logTotal));
        }
    }

    /** {@code p * (own * logp - kl * logr + shift)}, and {@code byLogProb} at the target; all by the inverse temperature. */
    public void gradient(
            SimdTensor logProbs,
            double inverseTemperature,
            int[] targets,
            SimdTensor reference,
            RowStatistics statistics,
            RowCoefficients by) {
        logProbs.requireTargets(targets);
        Floats x = logProbs.floats();
        for (int row = 0; row < targets.length; row++) {
            int from = row * logProbs.stride();
            if (targets[row] < 0) {
                clear(x, from, logProbs.columns());
                continue;
            }
            double kl = reference == null ? 0.0 : by.byKl()[row];
            double entropy = by.byEntropy()[row];
            double shift = -by.byLogProb()[row];
            // If a coefficient is 0, the statistic may be absent.
            shift -= kl == 0.0 ? 0.0 : kl * statistics.kls()[row];
            shift -= entropy == 0.0 ? 0.0 : entropy * statistics.entropies()[row];
            float own = (float) (inverseTemperature * (kl - entropy));
            float add = (float) (inverseTemperature * shift);
            if (kl == 0.0) {
                combine(x, from, logProbs.columns(), own, add);
            } else {
                float factor = (float) (-inverseTemperature * kl);
                referenceTerm(x, from, logProbs.columns(), own, add, reference, row, factor);
            }
            int place = from + targets[row];
            x.set(place, (float) (x.get(place) + inverseTemperature * by.byLogProb()[row]));
        }
    }

    private static void clear(Floats x, int from, int count) {
        for (int j = 0; j < count; j++) {
            x.set(from + j, 0f);
        }
    }

    /** {@code x = exp(x) * (own * x + add)}. */
    private static void combine(Floats x, int from, int count, float own, float add) {
        FloatVector factor = FloatVector.broadcast(SPECIES, own);
        FloatVector shift = FloatVector.broadcast(SPECIES, add);
        int whole = SPECIES.loopBound(count);
        for (int j = from; j < from + whole; j += LANES) {
            FloatVector v = x.load(j);
            x.store(j, v.fma(factor, shift).mul(Elementary.exp(v)));
        }
        for (int j = from + whole; j < from + count; j++) {
            float v = x.get(j);
            x.set(j, (float) (Math.exp(v) * (own * v + add)));
        }
    }

    /** {@code x = exp(x) * (own * x + klFactor * reference + add)} for a row. */
    private static void referenceTerm(
            Floats x, int from, int count, float own, float add, SimdTensor reference, int row, float klFactor) {
        FloatVector factor = FloatVector.broadcast(SPECIES, own);
        FloatVector referenceFactor = FloatVector.broadcast(SPECIES, klFactor);
        FloatVector shift = FloatVector.broadcast(SPECIES, add);
        Floats r = reference.floats();
        int at = row * reference.stride();
        int whole = SPECIES.loopBound(count);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector v = x.load(from + j);
            FloatVector slope = r.load(at + j).fma(referenceFactor, v.fma(factor, shift));
            x.store(from + j, slope.mul(Elementary.exp(v)));
        }
        for (int j = whole; j < count; j++) {
            float v = x.get(from + j);
            x.set(from + j, (float) (Math.exp(v) * (own * v + klFactor * r.get(at + j) + add)));
        }
    }
}
