package org.encore.evaluation.policy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.evaluation.statistics.Bootstrap;
import org.encore.evaluation.statistics.Interval;
import org.encore.evaluation.statistics.Means;

/**
 * What an evaluation measured.
 *
 * @param bySample figures of each sample by name, NaN where one says nothing about it; sample i is of prompt i
 * @param ofAll figures that only all samples or pieces together have
 */
public record Measured(Map<String, double[]> bySample, Map<String, Double> ofAll) {
    /** Every figure by name: means over samples, then those of all together. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        bySample.forEach((name, values) -> figures.put(name, Means.of(values)));
        figures.putAll(ofAll);
        return figures;
    }

    /**
     * How much higher each figure of single samples is than another policy's for the same prompts: means of paired
     * differences, with intervals of the bootstrap over prompts.
     */
    public Map<String, Interval> minus(Measured other, Bootstrap bootstrap) {
        Map<String, Interval> differences = new LinkedHashMap<>();
        bySample.forEach((name, values) -> {
            double[] others = other.bySample.get(name);
            if (others != null && others.length == values.length) {
                double[] paired = new double[values.length];
                Arrays.setAll(paired, i -> values[i] - others[i]);
                differences.put(name, bootstrap.mean(paired));
            }
        });
        return differences;
    }
}
