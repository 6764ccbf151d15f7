package org.encore.rewards.networks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.rewards.networks.Network.Weight;
import org.encore.rewards.networks.NetworkPlan.Layer;
import org.encore.rewards.networks.NetworkPlan.Layer.Nonlinearity;
import org.encore.rewards.networks.NetworkPlan.Layer.Pooling;
import org.junit.jupiter.api.Test;

final class NetworkTest {
    private static final NetworkPlan PLAN = new NetworkPlan(
            List.of(
                    new Layer.Input("sound", 3, 4),
                    new Layer.Input("words", 2, 1),
                    new Layer.Dense("heard", "sound", 5, Nonlinearity.TANH),
                    new Layer.Pool("mean", "heard", Pooling.MEAN),
                    new Layer.Pool("most", "heard", Pooling.MAX),
                    new Layer.Join("both", List.of("mean", "most", "words")),
                    new Layer.Dense("audio", "both", 2, Nonlinearity.NONE),
                    new Layer.Dense("text", "words", 3, Nonlinearity.SIGMOID)),
            List.of("audio", "text"));

    private static RandomGenerator random(int index) {
        return new RandomStreams(5).stream(Purpose.INITIALISATION, index);
    }

    private static Matrix drawn(int rows, int columns, RandomGenerator random) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }

    private static List<Matrix> inputs() {
        return List.of(drawn(8, 3, random(1)), drawn(2, 2, random(2)));
    }

    private static Network network(Precision precision) {
        Network network = new Network(PLAN, precision);
        network.initialise(random(0));
        return network;
    }

    /** Two rows (1, -2) and (3, 1); h = relu(x W + b) with W = (1 0; 1 -1), b = (0, 1): (0, 3) and (4, 0). */
    @Test
    void computesWhatThePlanSays() {
        NetworkPlan plan = new NetworkPlan(
                List.of(
                        new Layer.Input("in", 2, 2),
                        new Layer.Dense("h", "in", 2, Nonlinearity.RELU),
                        new Layer.Pool("mean", "h", Pooling.MEAN),
                        new Layer.Pool("most", "h", Pooling.MAX)),
                List.of("mean", "most"));
        Network network = new Network(plan, Precision.SINGLE);
        network.load(List.of(
                new Weight("h.weight", List.of(2, 2), new float[] {1, 0, 1, -1}),
                new Weight("h.bias", List.of(2), new float[] {0, 1})));
        List<Matrix> outputs = network.outputs(List.of(new Matrix(2, 2, new float[] {1, -2, 3, 1})));
        assertArrayEquals(new float[] {2.0f, 1.5f}, outputs.get(0).values());
        assertArrayEquals(new float[] {4.0f, 3.0f}, outputs.get(1).values());
    }

    /** The loss is a fixed weighted sum of all outputs; central differences of it in 64 bits are the oracle. */
    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        Network network = network(Precision.DOUBLE);
        List<Matrix> inputs = inputs();
        List<Matrix> factors = List.of(drawn(2, 2, random(3)), drawn(2, 3, random(4)));
        network.forward(inputs);
        network.backward(factors);
        List<Weight> gradients = network.gradients();
        List<Weight> weights = network.weights();
        for (int w = 0; w < weights.size(); w++) {
            for (int i = 0; i < weights.get(w).values().length; i++) {
                double up = loss(network, moved(weights, w, i, 0.001f), inputs, factors);
                double down = loss(network, moved(weights, w, i, -0.001f), inputs, factors);
                assertEquals(
                        (up - down) / 0.002,
                        gradients.get(w).values()[i],
                        2e-3,
                        weights.get(w).name() + " " + i);
            }
        }
    }

    private static List<Weight> moved(List<Weight> weights, int which, int index, float by) {
        List<Weight> moved = new ArrayList<>(weights);
        float[] values = weights.get(which).values().clone();
        values[index] += by;
        moved.set(
                which, new Weight(weights.get(which).name(), weights.get(which).shape(), values));
        return moved;
    }

    private static double loss(Network network, List<Weight> weights, List<Matrix> inputs, List<Matrix> factors) {
        network.load(weights);
        List<Matrix> outputs = network.outputs(inputs);
        double sum = 0.0;
        for (int o = 0; o < outputs.size(); o++) {
            for (int i = 0; i < outputs.get(o).values().length; i++) {
                sum += outputs.get(o).values()[i] * (double) factors.get(o).values()[i];
            }
        }
        return sum;
    }

    /** Whatever its size, a gradient moves a weight by the learning rate in Adam's first step. */
    @Test
    void updatesAreAdams() {
        Network network = network(Precision.SINGLE);
        List<Weight> before = network.weights();
        network.forward(inputs());
        network.backward(List.of(drawn(2, 2, random(3)), drawn(2, 3, random(4))));
        List<Weight> gradients = network.gradients();
        network.update(0.125);
        List<Weight> after = network.weights();
        for (int w = 0; w < before.size(); w++) {
            for (int i = 0; i < before.get(w).values().length; i++) {
                float moved = after.get(w).values()[i] - before.get(w).values()[i];
                assertEquals(-Math.signum(gradients.get(w).values()[i]) * 0.125f, moved, 1e-3f);
            }
        }
    }

    @Test
    void equalSeedsGiveEqualNetworks() {
        Network first = network(Precision.SINGLE);
        Network second = network(Precision.SINGLE);
        assertArrayEquals(
                first.outputs(inputs()).get(0).values(),
                second.outputs(inputs()).get(0).values());
    }

    @Test
    void refusesWhatDoesNotFit() {
        Network network = network(Precision.SINGLE);
        String shape = assertThrows(
                        IllegalArgumentException.class,
                        () -> network.outputs(List.of(Matrix.zeros(8, 4), Matrix.zeros(2, 2))))
                .getMessage();
        assertEquals("sound is 8 x 4, but must have 3 columns and a multiple of 4 rows", shape);
        String missing = assertThrows(IllegalArgumentException.class, () -> network.load(List.of()))
                .getMessage();
        assertTrue(missing.endsWith("is missing"), missing);
        assertThrows(
                IllegalArgumentException.class,
                () -> new NetworkPlan(List.of(new Layer.Dense("h", "nothing", 2, Nonlinearity.RELU)), List.of("h")));
    }
}
