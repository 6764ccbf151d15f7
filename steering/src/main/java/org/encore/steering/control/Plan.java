package org.encore.steering.control;

import java.util.Arrays;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.steering.control.Control.Direction;
import org.encore.steering.control.Control.Places;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.encore.steering.probes.Probes;

/**
 * What one dial adds and watches in a model.
 *
 * @param sign of the dial
 * @param threshold the watched probability at which the monitor stops pushing
 * @param shifts what is added to each layer at strength 1, {@code [L][D]}; null where it is nothing
 * @param probes on the heads, which the monitor reads
 * @param watched numbers of the watched heads in each layer, {@code [L][]}
 * @param watchedCount their number
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Plan(double sign, double threshold, float[][] shifts, Probes probes, int[][] watched, int watchedCount) {
    private static final int PART_OF_HEADS = 4;

    static Plan of(Dial dial, Fitted fitted, Control control, DecoderConfig decoder) {
        Probes heads = fitted.heads();
        int[] ranking = heads.ranking();
        int count = Math.min(control.monitorHeads(), Math.max(1, heads.sites() / PART_OF_HEADS));
        int[] chosen = Arrays.copyOf(ranking, count);
        int[][] watched = new int[decoder.layers()][];
        for (int layer = 0; layer < watched.length; layer++) {
            int own = layer;
            watched[layer] = Arrays.stream(chosen)
                    .filter(site -> site / decoder.heads() == own)
                    .map(site -> site % decoder.heads())
                    .toArray();
        }
        double threshold =
                dial.degree().isPresent() ? Math.abs(dial.degree().getAsDouble()) : threshold(heads.accuracies());
        float[][] shifts = shifts(dial, fitted, control, decoder);
        return new Plan(dial.sign(), threshold, shifts, heads, watched, count);
    }

    /** {@code median(acc) - std(acc)} over all heads. */
    static double threshold(float[] accuracies) {
        double[] sorted = new double[accuracies.length];
        double mean = 0.0;
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = accuracies[i];
            mean += sorted[i] / sorted.length;
        }
        double square = 0.0;
        for (double accuracy : sorted) {
            square += (accuracy - mean) * (accuracy - mean) / sorted.length;
        }
        return median(sorted) - Math.sqrt(square);
    }

    /** Sorts the values and returns the middle one, or the mean of the middle two. */
    static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
    }

    private static float[][] shifts(Dial dial, Fitted fitted, Control control, DecoderConfig decoder) {
        float[][] shifts = new float[decoder.layers()][];
        if (control.strength() == 0.0 || dial.sign() == 0.0) {
            return shifts;
        }
        boolean layers = control.places() == Places.LAYERS;
        Probes probes = layers ? fitted.layers() : fitted.pushes();
        double[] weights = weights(probes, control, probes.ranking());
        int perLayer = layers ? 1 : decoder.heads();
        for (int site = 0; site < probes.sites(); site++) {
            double scale = control.strength() * dial.sign() * weights[site];
            if (scale == 0.0) {
                continue;
            }
            int layer = site / perLayer;
            if (shifts[layer] == null) {
                shifts[layer] = new float[decoder.width()];
            }
            boolean probe = control.direction() == Direction.PROBE;
            float[] theta = probe ? probes.weights()[site] : probes.differences()[site];
            double sigma = probe ? probes.weightDeviations()[site] : probes.differenceDeviations()[site];
            double norm = 0.0;
            for (float value : theta) {
                norm += (double) value * value;
            }
            scale *= norm == 0.0 ? 0.0 : sigma / Math.sqrt(norm);
            for (int i = 0; i < probes.width(); i++) {
                shifts[layer][site % perLayer * probes.width() + i] = (float) (scale * theta[i]);
            }
        }
        return shifts;
    }

    private static double[] weights(Probes probes, Control control, int[] ranking) {
        double[] weights = new double[probes.sites()];
        switch (control.places()) {
            case LAYERS -> Arrays.fill(weights, 1.0);
            case TOP_HEADS -> {
                for (int i = 0; i < Math.min(control.topK(), weights.length); i++) {
                    weights[ranking[i]] = 1.0;
                }
            }
            case ALL_HEADS -> {
                double max = probes.accuracies()[ranking[0]];
                double min = probes.accuracies()[ranking[ranking.length - 1]];
                for (int i = 0; i < weights.length; i++) {
                    // Equal accuracies tell no head from another: all count.
                    double w = max == min ? 1.0 : (probes.accuracies()[i] - min) / (max - min);
                    weights[i] = w * w * w;
                }
            }
        }
        return weights;
    }
}
