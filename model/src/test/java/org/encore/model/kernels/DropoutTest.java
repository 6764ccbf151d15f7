package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    private static int kept(Dropout pattern, int elements) {
        float[] factors = new float[elements];
        pattern.factors(factors);
        int kept = 0;
        for (float factor : factors) {
            kept += factor > 0.0f ? 1 : 0;
        }
        return kept;
    }

    /** Each element by its row-major place, contiguous or not. */
    @ParameterizedTest
    @MethodSource(CASES)
    void elementsAreMultipliedByTheirFactors(KernelCase kind) {
        Dropout pattern = new Dropout(0.3, 0x1234_5678_9ABC_DEF0L);
        try (Workbench bench = kind.open()) {
            for (int[] shape : new int[][] {{1, 1}, {1, 7}, {5, 1}, {7, 13}, {33, 65}}) {
                Matrix x = bench.random(shape[0], shape[1]);
                float[] factors = new float[shape[0] * shape[1]];
                pattern.factors(factors);
                Matrix expected = x.copy();
                for (int i = 0; i < factors.length; i++) {
                    expected.values[i] *= factors[i];
                }
                Tensor contiguous = bench.tensor(x);
                bench.kernels().dropout(pattern, contiguous);
                bench.assertClose(expected, contiguous, "contiguous");
                Tensor strided = bench.strided(x);
                bench.kernels().dropout(pattern, strided);
                bench.assertClose(expected, strided, "strided");
            }
        }
    }

    /** Half a million independent decisions stray from their mean by less than five deviations of the binomial. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.25, 0.5, 0.9})
    void theRateIsKept(double rate) {
        int elements = 500_000;
        double deviation = Math.sqrt(elements * rate * (1 - rate));
        for (int seed = 0; seed < 4; seed++) {
            int kept = kept(new Dropout(rate, seed), elements);
            assertEquals(elements * (1 - rate), kept, 5 * deviation);
        }
    }

    /** Patterns of different seeds and of neighbouring elements, rows and places agree as often as independent ones. */
    @Test
    void patternsAreIndependent() {
        int elements = 200_000;
        double deviation = Math.sqrt(elements * 0.25);
        float[] one = new float[elements];
        Dropout pattern = new Dropout(0.5, 77);
        pattern.factors(one);
        for (long seed : new long[] {78, 77 + (1L << 32), -77}) {
            assertAgreement(one, new Dropout(0.5, seed), 0, deviation);
        }
        assertAgreement(one, pattern.at(0), 0, deviation);
        assertAgreement(one, pattern.at(1), 0, deviation);
        for (int lag : new int[] {1, 2, 64, 256}) {
            assertAgreement(one, pattern, lag, deviation);
        }
    }

    private static void assertAgreement(float[] one, Dropout other, int lag, double deviation) {
        float[] two = new float[one.length];
        other.factors(two);
        int equal = 0;
        for (int i = lag; i < one.length; i++) {
            equal += one[i] == two[i - lag] ? 1 : 0;
        }
        assertEquals(0.5 * (one.length - lag), equal, 5 * deviation, other + " " + lag);
    }

    @Test
    void whatIsKeptIsScaledSoThatTheMeanStays() {
        float[] factors = new float[1000];
        new Dropout(0.2, 5).factors(factors);
        for (float factor : factors) {
            assertTrue(factor == 0.0f || factor == 1.25f, () -> "a factor is " + factor);
        }
    }

    @Test
    void noneDropsNothing() {
        assertTrue(Dropout.none().isNone());
        assertEquals(1000, kept(Dropout.none(), 1000));
        assertEquals(1.0, Dropout.none().factor());
    }

    @Test
    void placesHavePatternsOfTheirOwn() {
        Dropout pattern = new Dropout(0.1, 9);
        assertEquals(pattern.at(3), pattern.at(3));
        assertNotEquals(pattern.at(3).seed(), pattern.at(4).seed());
        assertEquals(0.1, pattern.at(3).rate());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0, Double.NaN})
    void otherRatesAreRefused(double rate) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Dropout(rate, 0));
        assertEquals("rate is " + rate + ", but must lie in [0, 1)", e.getMessage());
    }
}
