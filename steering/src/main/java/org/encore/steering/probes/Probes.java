package org.encore.steering.probes;

import java.util.Arrays;

/**
 * The probes of one trait on all heads, or on all layers, of a model.
 *
 * @param width numbers that a probe reads
 * @param weights of each probe, for the outputs as they are, {@code [sites][width]}
 * @param biases {@code [sites]}
 * @param differences mean with the trait minus mean without, {@code [sites][width]}
 * @param weightDeviations standard deviation of the training clips' projections on each weight's direction, {@code [sites]}
 * @param differenceDeviations likewise of the difference's direction
 * @param accuracies on clips for selection, {@code [sites]}
 * @param heldOut accuracies on held-out pieces, {@code [sites]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Probes(
        int width,
        float[][] weights,
        float[] biases,
        float[][] differences,
        float[] weightDeviations,
        float[] differenceDeviations,
        float[] accuracies,
        float[] heldOut) {
    /** Number of probes. */
    public int sites() {
        return biases.length;
    }

    /** The sites from the most to the least accurate on the clips for selection. */
    public int[] ranking() {
        Integer[] order = new Integer[sites()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(accuracies[b], accuracies[a]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** The probability of the trait by one probe, from the numbers it reads at {@code offset} of {@code values}. */
    public double probability(int site, float[] values, int offset) {
        double sum = biases[site];
        float[] w = weights[site];
        for (int i = 0; i < width; i++) {
            sum += (double) w[i] * values[offset + i];
        }
        return LogisticRegression.sigmoid(sum);
    }
}
