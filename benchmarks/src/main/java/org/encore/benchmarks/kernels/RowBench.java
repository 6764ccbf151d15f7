package org.encore.benchmarks.kernels;

import java.util.Arrays;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** What goes over rows: layer normalisation of {@code [2048, 256]}, and logits of {@code [2048, 2048]}. */
public class RowBench extends KernelBench {
    private static final double EPSILON = 1e-5;

    private Tensor x;
    private Tensor y;
    private Tensor normalised;
    private Tensor inverseDeviation;
    private LayerNormWeights weights;
    private LayerNormWeights gradients;
    private Tensor dy;
    private Tensor dx;
    private Tensor logits;
    private Tensor logProbs;
    private int[] targets;
    private RowStatistics statistics;
    private RowCoefficients coefficients;

    @Override
    void allocate() {
        x = gaussian(ROWS, WIDTH);
        y = kernels().allocate(ROWS, WIDTH);
        normalised = kernels().allocate(ROWS, WIDTH);
        inverseDeviation = kernels().allocate(ROWS, 1);
        weights = new LayerNormWeights(kernels().allocate(1, WIDTH), kernels().allocate(1, WIDTH));
        gradients = new LayerNormWeights(kernels().allocate(1, WIDTH), kernels().allocate(1, WIDTH));
        // A gain of 1: the gradient is destroyed in place, and must neither grow nor vanish.
        kernels().fill(weights.gain(), 1.0);
        dy = gaussian(ROWS, WIDTH);
        dx = kernels().allocate(ROWS, WIDTH);
        kernels().layerNorm(x, weights, EPSILON, normalised, inverseDeviation, y);
        logits = gaussian(ROWS, DECODER.vocabulary());
        logProbs = gaussian(ROWS, DECODER.vocabulary());
        targets = codes();
        statistics = new RowStatistics(ROWS);
        coefficients = new RowCoefficients(ROWS);
        Arrays.fill(coefficients.byLogProb(), -1.0 / ROWS);
    }

    @Benchmark
    public void layerNorm() {
        kernels().layerNorm(x, weights, EPSILON, normalised, inverseDeviation, y);
    }

    @Benchmark
    public void layerNormGradient() {
        kernels().layerNormGradient(dy, normalised, inverseDeviation, weights, gradients, dx);
    }

    /** In place: after the first time it normalises what is normalised already, at the same cost. */
    @Benchmark
    public void policyRows() {
        kernels().policyRows(logits, 1.0, targets, null, statistics);
    }

    /** In place: what it reads as log-probabilities is finite, which is all that its cost depends on. */
    @Benchmark
    public void policyRowsGradient() {
        kernels().policyRowsGradient(logProbs, 1.0, targets, null, statistics, coefficients);
    }
}
