package org.encore.model.decoding;

import java.util.Arrays;
import org.encore.model.kernels.DecodingKernels;

/** Samples one code from a row of logits. Reuses its buffers; one thread at a time. */
final class Sampler {
    private final SamplingSettings settings;
    private final DecodingKernels kernels;
    private final float[] weights;
    private final float[] sorted;
    private double logProb;

    Sampler(SamplingSettings settings, int vocabulary, DecodingKernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
        this.weights = new float[vocabulary];
        this.sorted = new float[vocabulary];
    }

    /**
     * Chooses.
     *
     * @param logits one row
     * @param uniform a number in [0, 1) that decides
     */
    int sample(float[] logits, double uniform) {
        if (settings.temperature() == 0.0) {
            logProb = 0.0;
            return largest(logits);
        }
        double total = keepLikely(kernels.exponentials(logits, settings.temperature(), weights));
        double remaining = uniform * total;
        int chosen = -1;
        for (int v = 0; v < weights.length; v++) {
            remaining -= weights[v];
            if (remaining < 0.0 && weights[v] > 0.0f) {
                chosen = v;
                break;
            }
        }
        // Rounding may leave a rest of the total after all weights.
        chosen = chosen < 0 ? largest(weights) : chosen;
        logProb = Math.log(weights[chosen] / total);
        return chosen;
    }

    /** Index of the largest number, of equal ones the first. */
    private static int largest(float[] values) {
        int best = 0;
        for (int v = 1; v < values.length; v++) {
            best = values[v] > values[best] ? v : best;
        }
        return best;
    }

    /** Log-probability of the last choice under the distribution it was drawn from; 0 for the most probable code. */
    double logProb() {
        return logProb;
    }

    /** Sets the weights that top-k and top-p leave out to 0 and returns the sum of the others. */
    private double keepLikely(double total) {
        boolean all = (settings.topK() == 0 || settings.topK() >= weights.length) && settings.topP() == 1.0;
        if (all) {
            return total;
        }
        System.arraycopy(weights, 0, sorted, 0, weights.length);
        Arrays.sort(sorted);
        int limit = settings.topK() == 0 ? sorted.length : Math.min(settings.topK(), sorted.length);
        double kept = 0;
        int count = 0;
        while (count < limit && (count == 0 || kept < settings.topP() * total)) {
            kept += sorted[sorted.length - 1 - count];
            count++;
        }
        return keep(sorted[sorted.length - count], count);
    }

    /** Keeps a number of the largest weights, of which {@code threshold} is the smallest; of equal ones the first. */
    private double keep(float threshold, int count) {
        int ties = count;
        for (float weight : weights) {
            ties -= weight > threshold ? 1 : 0;
        }
        double sum = 0;
        for (int v = 0; v < weights.length; v++) {
            boolean tie = weights[v] == threshold && ties > 0;
            ties -= tie ? 1 : 0;
            weights[v] = tie || weights[v] > threshold ? weights[v] : 0.0f;
            sum += weights[v];
        }
        return sum;
    }
}
