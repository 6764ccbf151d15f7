package org.encore.trainer.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.trainer.value.ReaderNetwork.Sizes;
import org.encore.trainer.value.ReaderNetwork.Standard;
import org.encore.trainer.value.ReaderNetwork.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader against finite differences, and what it may see. */
class ReaderNetworkTest {
    private static final int IDS = 7;
    private static final Standard STANDARD = new Standard(0.4, 0.5);
    private static final double STEP = 1e-5;

    private static Shards shards(int count, Precision precision) {
        return new Shards(count, count, () -> new PortableKernels(precision));
    }

    private static ReaderNetwork network(Shards shards, int codebooks, int rows) {
        ReaderNetwork network = new ReaderNetwork(
                shards, new Sizes(codebooks, IDS, 3, 5, rows, 16), new RandomStreams(5).stream(Purpose.VALUE));
        // A head of zeros would hide everything before it.
        float[] weights = network.read(Vector.WEIGHTS);
        RandomGenerator random = new RandomStreams(6).stream(Purpose.VALUE);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += (float) (0.3 * random.nextGaussian());
        }
        network.write(Vector.WEIGHTS, weights, 0);
        return network;
    }

    private static Reading piece(int codebooks, int steps, int every, long seed) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.NOISE);
        int[][] inputs = new int[codebooks][steps];
        float[] ratios = new float[steps];
        float[] scores = new float[Math.max(0, (steps - codebooks) / every)];
        for (int t = 0; t < steps; t++) {
            for (int[] each : inputs) {
                each[t] = random.nextInt(IDS);
            }
            ratios[t] = (float) random.nextGaussian();
        }
        for (int j = 0; j < scores.length; j++) {
            scores[j] = j == 1 ? Float.NaN : (float) random.nextDouble();
        }
        return new Reading(inputs, ratios, scores, every, codebooks - 1);
    }

    private static List<Reading> pieces(int codebooks) {
        return List.of(
                piece(codebooks, 9, 2, 1),
                piece(codebooks, 5, 2, 2),
                piece(codebooks, 13, 3, 3),
                piece(codebooks, 4, 9, 4));
    }

    private static List<float[]> returns(List<Reading> pieces) {
        RandomGenerator random = new RandomStreams(8).stream(Purpose.NOISE);
        List<float[]> returns = new ArrayList<>();
        for (Reading piece : pieces) {
            float[] own = new float[piece.steps()];
            for (int t = 0; t < own.length; t++) {
                own[t] = (float) random.nextGaussian();
            }
            returns.add(own);
        }
        return returns;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void gradientAgreesWithFiniteDifferences(int codebooks) {
        try (Shards shards = shards(2, Precision.DOUBLE)) {
            ReaderNetwork network = network(shards, codebooks, 14);
            List<Reading> pieces = pieces(codebooks);
            List<float[]> returns = returns(pieces);
            double loss = network.accumulate(pieces, returns, STANDARD);
            assertTrue(loss > 0.1, "there must be something to learn");
            double[] gradient = network.gradient().clone();
            float[] weights = network.read(Vector.WEIGHTS);
            int moving = 0;
            for (int place = 0; place < weights.length; place++) {
                double slope = slope(network, pieces, returns, weights, place);
                assertEquals(slope, gradient[place], 2e-6, "weight " + place);
                moving += Math.abs(slope) > 1e-5 ? 1 : 0;
            }
            assertTrue(moving > weights.length / 2, "only " + moving + " of " + weights.length + " weights take part");
        }
    }

    /** Weights travel as 32-bit numbers, so the step is what they really move by. */
    private static double slope(
            ReaderNetwork network, List<Reading> pieces, List<float[]> returns, float[] weights, int place) {
        float[] moved = weights.clone();
        moved[place] = (float) (weights[place] + STEP);
        double above = loss(network, pieces, returns, moved);
        double high = moved[place];
        moved[place] = (float) (weights[place] - STEP);
        double below = loss(network, pieces, returns, moved);
        return (above - below) / (high - moved[place]);
    }

    private static double loss(ReaderNetwork network, List<Reading> pieces, List<float[]> returns, float[] weights) {
        network.write(Vector.WEIGHTS, weights, 0);
        double[][] values = network.values(pieces, STANDARD);
        double sum = 0.0;
        int steps = 0;
        for (int b = 0; b < values.length; b++) {
            for (int t = 0; t < values[b].length; t++) {
                double error = values[b][t] - returns.get(b)[t];
                sum += error * error;
                steps++;
            }
        }
        return sum / steps;
    }

    /** A value that saw its own action, or later ones, would bias the policy gradient. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aValueSeesOnlyWhatIsBeforeItsStep(int codebooks) {
        try (Shards shards = shards(1, Precision.DOUBLE)) {
            ReaderNetwork network = network(shards, codebooks, 20);
            Reading whole = piece(codebooks, 13, 3, 3);
            double[] values = network.values(List.of(whole), STANDARD)[0];
            for (int t = 0; t < whole.steps(); t++) {
                // Everything of step t and later: its log-ratio, later inputs, scores of beginnings that reach into it.
                Reading other = until(whole, t);
                double[] cut = network.values(List.of(other), STANDARD)[0];
                assertArrayEquals(Arrays.copyOf(values, t + 1), Arrays.copyOf(cut, t + 1), 1e-12, "step " + t);
                if (t + 1 < whole.steps()) {
                    assertNotEquals(
                            values[t + 1], cut[t + 1], 1e-9, "the code of step " + t + " must count afterwards");
                }
            }
        }
    }

    /** The same piece with other codes, ratios and scores from step t on. */
    private static Reading until(Reading whole, int t) {
        int[][] inputs = Arrays.stream(whole.inputs()).map(int[]::clone).toArray(int[][]::new);
        float[] ratios = whole.logRatios().clone();
        float[] scores = whole.scores().clone();
        for (int i = t; i < whole.steps(); i++) {
            ratios[i] += 1;
            for (int[] each : inputs) {
                if (i + 1 < whole.steps()) {
                    each[i + 1] = (each[i + 1] + 1) % IDS;
                }
            }
        }
        for (int j = 0; j < scores.length; j++) {
            // Frames 0 to (j + 1) * every - 1 are complete after step (j + 1) * every - 1 + delay.
            if ((j + 1) * whole.every() - 1 + whole.delay() >= t) {
                scores[j] = Float.isNaN(scores[j]) ? 1 : scores[j] + 1;
            }
        }
        return new Reading(inputs, ratios, scores, whole.every(), whole.delay());
    }

    @Test
    void piecesDoNotInfluenceEachOtherAndShardsAddUp() {
        List<Reading> pieces = pieces(2);
        List<float[]> returns = returns(pieces);
        try (Shards one = shards(1, Precision.DOUBLE);
                Shards three = shards(3, Precision.DOUBLE)) {
            ReaderNetwork together = network(one, 2, 40);
            ReaderNetwork apart = network(three, 2, 13);
            double[][] values = together.values(pieces, STANDARD);
            double[][] others = apart.values(pieces, STANDARD);
            for (int b = 0; b < values.length; b++) {
                assertArrayEquals(values[b], others[b], 1e-12);
                assertArrayEquals(values[b], together.values(List.of(pieces.get(b)), STANDARD)[0], 1e-12);
            }
            assertEquals(
                    together.accumulate(pieces, returns, STANDARD), apart.accumulate(pieces, returns, STANDARD), 1e-12);
            assertArrayEquals(together.gradient(), apart.gradient(), 1e-12);
        }
    }

    @Test
    void theFastKernelsGiveTheSame() {
        List<Reading> pieces = pieces(2);
        List<float[]> returns = returns(pieces);
        Supplier<Kernels> fast = () -> KernelChoice.best(Precision.SINGLE).open();
        try (Shards portable = shards(1, Precision.SINGLE);
                Shards other = new Shards(1, 1, fast)) {
            ReaderNetwork one = network(portable, 2, 40);
            ReaderNetwork two = network(other, 2, 40);
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        one.accumulate(pieces, returns, STANDARD), two.accumulate(pieces, returns, STANDARD), 1e-5);
                AdamWStep step = new AdamWStep(1e-2, 0.9, 0.95, 1e-8, 0.0, 1, 1.0);
                assertEquals(one.update(step, 1.0), two.update(step, 1.0), 1e-4);
            }
            for (int b = 0; b < pieces.size(); b++) {
                assertArrayEquals(one.values(pieces, STANDARD)[b], two.values(pieces, STANDARD)[b], 1e-4);
            }
        }
    }

    @Test
    void itsMemoryIsAsPlanned() {
        Sizes sizes = new Sizes(2, IDS, 3, 5, 20, 16);
        try (Shards shards = shards(2, Precision.SINGLE)) {
            long before = allocated(shards);
            ReaderNetwork network = new ReaderNetwork(shards, sizes, new RandomStreams(5).stream(Purpose.VALUE));
            assertEquals(sizes.weights(), network.size());
            assertEquals(Float.BYTES * sizes.elements(2), allocated(shards) - before);
        }
    }

    private static long allocated(Shards shards) {
        return shards.kernels(0).allocatedBytes() + shards.kernels(1).allocatedBytes();
    }

    @Test
    void itLearnsWhatTheRatiosTell() {
        List<Reading> pieces = new ArrayList<>();
        List<float[]> returns = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Reading piece = piece(1, 12, 20, 100 + i);
            float[] own = new float[12];
            Arrays.fill(own, (piece.logRatios()[0] + piece.logRatios()[1]) / 2);
            pieces.add(piece);
            returns.add(own);
        }
        try (Shards shards = shards(1, Precision.SINGLE)) {
            ReaderNetwork network = network(shards, 1, 800);
            double first = network.accumulate(pieces, returns, STANDARD);
            double last = first;
            for (int i = 0; i < 400; i++) {
                network.update(new AdamWStep(1e-2, 0.9, 0.95, 1e-8, 0.0, 1, 1.0), 1.0);
                last = network.accumulate(pieces, returns, STANDARD);
            }
            assertTrue(last < 0.4 * first, "from " + first + " to " + last);
        }
    }
}
