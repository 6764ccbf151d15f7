package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
    private static Kernels kernels;

    private static final int DRAWS = 20_000;
    private static final double BELOW_ONE = Math.nextDown(1.0);

    /** Logits of the probabilities 0.1, 0.2, 0.3, 0.4, in the order 0.3, 0.1, 0.4, 0.2. */
    private static final float[] ROW = {log(3), log(1), log(4), log(2)};

    @BeforeAll
    static void open() {
        kernels = new PortableKernels(Precision.SINGLE);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static float log(double x) {
        return (float) Math.log(x);
    }

    private Sampler sampler(SamplingSettings settings, int vocabulary) {
        return new Sampler(settings, vocabulary, kernels.decoding());
    }

    private static SamplingSettings settings(double temperature, int topK, double topP) {
        return new SamplingSettings(temperature, topK, topP, 1.0);
    }

    @Test
    void theUniformNumberDecidesByCumulativeProbability() {
        Sampler sampler = sampler(settings(1, 0, 1), 4);
        double[][] expected = {{0.0, 0}, {0.299, 0}, {0.301, 1}, {0.399, 1}, {0.401, 2}, {0.799, 2}, {0.801, 3}};
        double[] probabilities = {0.3, 0.1, 0.4, 0.2};
        for (double[] pair : expected) {
            int code = sampler.sample(ROW, pair[0]);
            assertEquals((int) pair[1], code, "at " + pair[0]);
            assertEquals(Math.log(probabilities[code]), sampler.logProb(), 1e-6);
        }
        assertEquals(3, sampler.sample(ROW, BELOW_ONE));
    }

    /**
     * Pearson's statistic of 20000 draws against the probabilities; with 3 degrees of freedom it passes 16.3 once in a
     * thousand seeds. At temperature 1/2 the probabilities are 9, 1, 16, 4 in 30; at top-k 2, 3 and 4 in 7; at top-p 0.75 the
     * three largest remain; both together leave one.
     */
    @ParameterizedTest
    @CsvSource({
        "1.0, 0, 1.0, 0.3, 0.1, 0.4, 0.2",
        "0.5, 0, 1.0, 0.3, 0.033333333, 0.533333333, 0.133333333",
        "1.0, 2, 1.0, 0.428571429, 0, 0.571428571, 0",
        "1.0, 4, 1.0, 0.3, 0.1, 0.4, 0.2",
        "1.0, 9, 1.0, 0.3, 0.1, 0.4, 0.2",
        "1.0, 0, 0.75, 0.333333333, 0, 0.444444444, 0.222222222",
        "1.0, 0, 0.69, 0.428571429, 0, 0.571428571, 0",
        "1.0, 3, 0.39, 0, 0, 1, 0",
        "1.0, 0, 0.000001, 0, 0, 1, 0",
        "1.0, 1, 1.0, 0, 0, 1, 0"
    })
    void frequenciesFollowProbabilities(
            double temperature, int topK, double topP, double p0, double p1, double p2, double p3) {
        double[] probabilities = {p0, p1, p2, p3};
        Sampler sampler = sampler(settings(temperature, topK, topP), 4);
        RandomGenerator random = new RandomStreams(11).stream(RandomStreams.Purpose.SAMPLING);
        int[] counts = new int[4];
        for (int i = 0; i < DRAWS; i++) {
            int code = sampler.sample(ROW, random.nextDouble());
            counts[code]++;
            assertEquals(Math.log(probabilities[code]), sampler.logProb(), 1e-6);
        }
        double statistic = 0;
        for (int v = 0; v < 4; v++) {
            double expected = probabilities[v] * DRAWS;
            if (expected == 0.0) {
                assertEquals(0, counts[v], "left out");
            } else {
                statistic += Math.pow(counts[v] - expected, 2) / expected;
            }
        }
        assertTrue(statistic < 16.3, "chi-square is " + statistic);
    }

    @Test
    void temperatureZeroTakesTheMostProbable() {
        Sampler sampler = sampler(SamplingSettings.greedy(1.0), 4);
        for (double uniform : new double[] {0.0, 0.5, BELOW_ONE}) {
            assertEquals(2, sampler.sample(ROW, uniform));
            assertEquals(0.0, sampler.logProb(), 0.0);
        }
    }

    /** Of equally probable codes at the limit the first are kept, never instead of a more probable one. */
    @Test
    void topKWithTies() {
        Sampler sampler = sampler(settings(1, 2, 1), 4);
        float[] logits = {log(1), log(1), log(3), log(1)};
        assertEquals(0, sampler.sample(logits, 0.24));
        assertEquals(Math.log(0.25), sampler.logProb(), 1e-6);
        assertEquals(2, sampler.sample(logits, 0.26));
        assertEquals(Math.log(0.75), sampler.logProb(), 1e-6);
        assertEquals(2, sampler.sample(logits, BELOW_ONE));
    }

    @Test
    void extremeLogitsStayFinite() {
        Sampler sampler = sampler(settings(1, 0, 1), 3);
        assertEquals(1, sampler.sample(new float[] {-1e30f, 1e30f, 0}, 0.5));
        assertEquals(0.0, sampler.logProb(), 0.0);
        sampler.sample(new float[] {-1e30f, -1e30f, -1e30f}, BELOW_ONE);
        assertEquals(Math.log(1 / 3.0), sampler.logProb(), 1e-7);
        assertEquals(1, sampler.sample(new float[] {Float.NEGATIVE_INFINITY, 3, Float.NEGATIVE_INFINITY}, 0.0));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertEquals("temperature is -0.1, but must lie in [0, 10]", refusal(-0.1, 0, 1, 1));
        assertEquals("temperature is NaN, but must lie in [0, 10]", refusal(Double.NaN, 0, 1, 1));
        assertEquals("topK is -1, but must be at least 0", refusal(1, -1, 1, 1));
        assertEquals("topP is 0.0, but must lie in (0, 1]", refusal(1, 0, 0, 1));
        assertEquals("topP is 1.1, but must lie in (0, 1]", refusal(1, 0, 1.1, 1));
        assertEquals("guidanceScale is 0.5, but must lie in [1, 20]", refusal(1, 0, 1, 0.5));
        assertEquals("guidanceScale is NaN, but must lie in [1, 20]", refusal(1, 0, 1, Double.NaN));
        assertEquals(new SamplingSettings(1, 0, 1, 1), SamplingSettings.defaults());
    }

    private static String refusal(double temperature, int topK, double topP, double guidance) {
        return assertThrows(
                        IllegalArgumentException.class, () -> new SamplingSettings(temperature, topK, topP, guidance))
                .getMessage();
    }
}
