package org.encore.model.decoding;

import java.util.Arrays;

/** Chooses one code from a row of logits. Reuses its buffers; one thread at a time. */
final class Sampler {
    private final SamplingSettings settings;
    private final double[] weights;
    private final double[] sorted;
    private double logProb;

    Sampler(SamplingSettings settings, int vocabulary) {
        this.settings = settings;
        this.weights = new double[vocabulary];
        this.sorted = new double[vocabulary];
    }

    /**
     * Chooses.
     *
     * @param logits rows of logits
     * @param offset first logit of the row
     * @param uniform a number in [0, 1) that decides
     */
    int sample(float[] logits, int offset, double uniform) {
        int best = 0;
        for (int v = 1; v < weights.length; v++) {
            if (logits[offset + v] > logits[offset + best]) {
                best = v;
            }
        }
        if (settings.temperature() == 0.0) {
            logProb = 0.0;
            return best;
        }
        double total = exponentiate(logits, offset, logits[offset + best]);
        total = keepLikely(total);
        double remaining = uniform * total;
        int chosen = best;
        for (int v = 0; v < weights.length; v++) {
            remaining -= weights[v];
            if (remaining < 0.0 && weights[v] > 0.0) {
                chosen = v;
                break;
            }
        }
        logProb = Math.log(weights[chosen] / total);
        return chosen;
    }

    /** Log-probability of the last choice under the distribution it was drawn from; 0 for the most probable code. */
    double logProb() {
        return logProb;
    }

    private double exponentiate(float[] logits, int offset, double max) {
        double total = 0;
        for (int v = 0; v < weights.length; v++) {
            weights[v] = Math.exp((logits[offset + v] - max) / settings.temperature());
            total += weights[v];
        }
        return total;
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
    private double keep(double threshold, int count) {
        int ties = count;
        for (double weight : weights) {
            ties -= weight > threshold ? 1 : 0;
        }
        double sum = 0;
        for (int v = 0; v < weights.length; v++) {
            boolean tie = weights[v] == threshold && ties > 0;
            ties -= tie ? 1 : 0;
            weights[v] = tie || weights[v] > threshold ? weights[v] : 0.0;
            sum += weights[v];
        }
        return sum;
    }
}
