package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyRowsTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    /** Rows and codes, with targets at both ends and rows without a target. */
    private static final int[][] SHAPES = {{1, 2}, {4, 3}, {7, 13}, {5, 256}, {9, 300}};

    private static final int NONE = -1;

    private static int[] targets(int rows, int columns) {
        int[] targets = new int[rows];
        for (int i = 0; i < rows; i++) {
            targets[i] = i % 4 == 2 ? NONE : i % 4 == 1 ? columns - 1 : i * 5 % columns;
        }
        return targets;
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void logProbabilitiesEntropiesAndDivergences(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                for (double inverseTemperature : new double[] {1.0, 0.6, 2.5}) {
                    assertStatistics(bench, bench.random(shape[0], shape[1]), inverseTemperature);
                }
            }
        }
    }

    private static void assertStatistics(Workbench bench, Matrix logits, double inverseTemperature) {
        int[] targets = targets(logits.rows, logits.columns);
        Matrix reference = NaiveKernels.logSoftmax(bench.random(logits.rows, logits.columns), inverseTemperature);
        Matrix expected = NaiveKernels.logSoftmax(logits, inverseTemperature);
        RowStatistics statistics = new RowStatistics(logits.rows);
        Tensor rows = bench.tensor(logits);
        bench.kernels().policyRows(rows, inverseTemperature, targets, bench.tensor(reference), statistics);
        double tolerance = 4 * bench.tolerance();
        Workbench.assertClose(expected, bench.read(rows), tolerance, "log-probabilities");
        for (int i = 0; i < targets.length; i++) {
            boolean counts = targets[i] != NONE;
            double logProb = counts ? expected.at(i, targets[i]) : Double.NaN;
            assertEquals(logProb, statistics.logProbs()[i], tolerance, "log-probability of row " + i);
            double entropy = counts ? NaiveKernels.entropy(expected, i) : Double.NaN;
            assertEquals(entropy, statistics.entropies()[i], tolerance, "entropy of row " + i);
            double kl = counts ? NaiveKernels.kl(expected, reference, i) : Double.NaN;
            assertEquals(kl, statistics.kls()[i], tolerance, "divergence of row " + i);
        }
        RowStatistics without = new RowStatistics(logits.rows);
        bench.kernels().policyRows(bench.tensor(logits), inverseTemperature, targets, null, without);
        for (int i = 0; i < targets.length; i++) {
            assertEquals(Double.NaN, without.kls()[i], "no reference, no divergence");
            assertEquals(statistics.logProbs()[i], without.logProbs()[i], 0.0);
        }
    }

    /** By hand: p = (1/4, 1/4, 1/2), r = (1/2, 1/4, 1/4). */
    @ParameterizedTest
    @MethodSource(CASES)
    void aRowByHand(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor rows = bench.tensor(Matrix.of(1, 3, 0.0, 0.0, Math.log(2.0)));
            Tensor reference = bench.tensor(Matrix.of(1, 3, Math.log(0.5), Math.log(0.25), Math.log(0.25)));
            RowStatistics statistics = new RowStatistics(1);
            bench.kernels().policyRows(rows, 1.0, new int[] {2}, reference, statistics);
            double ln2 = Math.log(2.0);
            assertEquals(-ln2, statistics.logProbs()[0], bench.tolerance());
            assertEquals(1.5 * ln2, statistics.entropies()[0], bench.tolerance());
            // 1/4 ln(1/2) + 1/4 ln 1 + 1/2 ln 2
            assertEquals(0.25 * ln2, statistics.kls()[0], bench.tolerance());
            RowCoefficients by = new RowCoefficients(1);
            by.byLogProb()[0] = 1.0;
            bench.kernels().policyRowsGradient(rows, 1.0, new int[] {2}, reference, statistics, by);
            bench.assertClose(Matrix.of(1, 3, -0.25, -0.25, 0.5), rows, "gradient of the log-probability");
        }
    }

    /** Logits hundreds apart, all hundreds below zero, all equal: finite and correct numbers. */
    @ParameterizedTest
    @MethodSource(CASES)
    void extremeLogits(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int columns : new int[] {4, 256, 2048}) {
                Matrix logits = Matrix.zeros(6, columns);
                for (int j = 0; j < columns; j++) {
                    logits.set(0, j, -1000.0 - j % 7);
                    logits.set(1, j, 500.0 * (j % 3 - 1));
                    logits.set(2, j, -30000.0);
                    logits.set(3, j, 30000.0);
                    logits.set(4, j, j == columns - 1 ? 0.0 : -5000.0);
                }
                RowStatistics statistics = new RowStatistics(6);
                Tensor rows = bench.tensor(logits);
                int[] targets = {0, 2, 1, 1, columns - 1, 1};
                bench.kernels().policyRows(rows, 1.0, targets, null, statistics);
                Matrix expected = NaiveKernels.logSoftmax(logits, 1.0);
                // 32 bits keep numbers around 30000 to 2e-3.
                Workbench.assertClose(expected, bench.read(rows), bench.tolerance() < 1e-6 ? 1e-9 : 4e-3, "rows");
                for (int i = 0; i < 6; i++) {
                    double tolerance = bench.tolerance() < 1e-6 ? 1e-9 : 4e-3;
                    assertEquals(expected.at(i, targets[i]), statistics.logProbs()[i], tolerance, "row " + i);
                    assertEquals(NaiveKernels.entropy(expected, i), statistics.entropies()[i], tolerance, "row " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void theGradientOfTheLogits(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : new int[][] {{1, 2}, {4, 3}, {7, 13}, {4, 40}}) {
                for (double inverseTemperature : new double[] {1.0, 0.6, 2.5}) {
                    assertGradient(bench, bench.random(shape[0], shape[1]), inverseTemperature);
                }
            }
        }
    }

    private static void assertGradient(Workbench bench, Matrix logits, double inverseTemperature) {
        int n = logits.rows;
        int[] targets = targets(n, logits.columns);
        Matrix reference = NaiveKernels.logSoftmax(bench.random(n, logits.columns), inverseTemperature);
        RowCoefficients by = new RowCoefficients(n);
        for (int i = 0; i < n; i++) {
            by.byLogProb()[i] = bench.randomness().nextGaussian();
            by.byEntropy()[i] = i == 1 ? 0.0 : bench.randomness().nextGaussian();
            by.byKl()[i] = i == 3 ? 0.0 : bench.randomness().nextGaussian();
        }
        RowStatistics statistics = new RowStatistics(n);
        Tensor rows = bench.tensor(logits);
        Tensor referenceRows = bench.tensor(reference);
        bench.kernels().policyRows(rows, inverseTemperature, targets, referenceRows, statistics);
        bench.kernels().policyRowsGradient(rows, inverseTemperature, targets, referenceRows, statistics, by);
        Matrix expected = NaiveKernels.gradient(
                logits, () -> loss(logits, inverseTemperature, targets, reference, by), Matrix.of(1, 1, 1.0));
        Workbench.assertClose(expected, bench.read(rows), Math.max(1e-9, bench.tolerance()), "gradient");
    }

    private static Matrix loss(
            Matrix logits, double inverseTemperature, int[] targets, Matrix reference, RowCoefficients by) {
        Matrix logProbs = NaiveKernels.logSoftmax(logits, inverseTemperature);
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] != NONE) {
                sum += by.byLogProb()[i] * logProbs.at(i, targets[i]);
                sum += by.byEntropy()[i] * NaiveKernels.entropy(logProbs, i);
                sum += by.byKl()[i] * NaiveKernels.kl(logProbs, reference, i);
            }
        }
        return Matrix.of(1, 1, sum);
    }

    /** Without a reference the coefficient of the divergence is ignored; rows without a target become zero. */
    @ParameterizedTest
    @MethodSource(CASES)
    void gradientsWithoutReferenceOrTarget(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            int[] targets = {NONE, 1, NONE};
            RowCoefficients by = new RowCoefficients(3);
            Arrays.fill(by.byLogProb(), 2.0);
            Arrays.fill(by.byEntropy(), 3.0);
            Arrays.fill(by.byKl(), 4.0);
            Tensor rows = bench.tensor(Matrix.of(3, 2, 5, 6, 0, 0, 7, 8));
            RowStatistics statistics = new RowStatistics(3);
            bench.kernels().policyRows(rows, 1.0, targets, null, statistics);
            bench.kernels().policyRowsGradient(rows, 1.0, targets, null, statistics, by);
            // Row 1 is even: its entropy is at the maximum, and 2 · (1[j = 1] - 1/2) remains.
            bench.assertClose(Matrix.of(3, 2, 0, 0, -1, 1, 0, 0), rows, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void targetsThatAreNoCodesAreRefused(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor rows = bench.zeros(2, 3);
            RowStatistics statistics = new RowStatistics(2);
            for (int[] targets : new int[][] {{0, 3}, {Integer.MAX_VALUE, 0}, {0}, {0, 1, 2}}) {
                assertThrows(IllegalArgumentException.class, () -> bench.kernels()
                        .policyRows(rows, 1.0, targets, null, statistics));
                assertThrows(IllegalArgumentException.class, () -> bench.kernels()
                        .policyRowsGradient(rows, 1.0, targets, null, statistics, new RowCoefficients(2)));
            }
        }
    }
}
