package org.encore.model.encodec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.ExponentialUnit;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of every layer and of whole nets against central differences, in 64 bits. */
class EncodecGradientTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    private static final int BATCH = 2;

    /** A net of a codec's parameters with random input and a random linear loss. */
    private record Trial(
            Kernels kernels, SeaNet net, EncodecParameters weights, Tensor input, Tensor slopes, String what) {
        static Trial of(Kernels kernels, EncodecConfig c, List<LayerSpec> specs, int in, int steps, String what)
                throws IOException {
            EncodecParameters weights =
                    TinyCodecs.model(kernels, c, TinyCodecs.checkpoint(c, 5)).parameters();
            SeaNet net = new SeaNet(kernels, c, specs, weights, BATCH, steps);
            int out = specs.get(specs.size() - 1).out();
            Tensor input = random(kernels, 1, BATCH * steps, in);
            return new Trial(kernels, net, weights, input, random(kernels, 2, BATCH * net.steps(steps), out), what);
        }

        private static Tensor random(Kernels kernels, int seed, int rows, int columns) {
            Tensor tensor = kernels.allocate(rows, columns);
            kernels.write(tensor, TinyCodecs.noise(seed, 1, rows * columns)[0]);
            return tensor;
        }

        double loss() {
            double[] y = kernels.readDoubles(net.forward(input, BATCH));
            double[] by = kernels.readDoubles(slopes);
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += y[i] * by[i];
            }
            return sum;
        }

        /** The gradient of the input; that of the parameters is added. */
        double[] gradient(EncodecParameters gradient) {
            net.forward(input, BATCH);
            Tensor dy = kernels.allocate(slopes.rows(), slopes.columns());
            kernels.copy(slopes, dy);
            return kernels.readDoubles(net.backward(dy, gradient));
        }

        /** Checks the largest element of a gradient and two others. */
        void assertSlopes(Tensor variable, double[] gradient, String name, DoubleSupplier loss) {
            RandomGenerator random = new RandomStreams(3).stream(RandomStreams.Purpose.NOISE);
            int largest = 0;
            for (int i = 0; i < gradient.length; i++) {
                largest = Math.abs(gradient[i]) > Math.abs(gradient[largest]) ? i : largest;
            }
            double size = Math.abs(gradient[largest]);
            assertTrue(size > 1e-4, () -> what + ": " + name + " takes no part");
            double[] values = kernels.readDoubles(variable);
            for (int place : new int[] {largest, random.nextInt(gradient.length), random.nextInt(gradient.length)}) {
                double centre = values[place];
                double above = at(variable, values, place, centre + STEP, loss);
                double below = at(variable, values, place, centre - STEP, loss);
                at(variable, values, place, centre, () -> 0);
                double slope = (above - below) / (2 * STEP);
                assertEquals(slope, gradient[place], TOLERANCE * size, what + ": " + name + " at " + place);
            }
        }

        private double at(Tensor variable, double[] values, int place, double value, DoubleSupplier loss) {
            values[place] = value;
            kernels.write(variable, values);
            return loss.getAsDouble();
        }

        void assertGradients(EncodecConfig c, String part) {
            EncodecParameters gradient = new EncodecParameters(kernels, c);
            assertSlopes(input, gradient(gradient), "input", this::loss);
            int checked = 0;
            for (String name : weights.names()) {
                if (name.startsWith(part)) {
                    double[] byWeight = kernels.readDoubles(gradient.get(name));
                    assertSlopes(weights.get(name), byWeight, name, this::loss);
                    checked++;
                }
            }
            assertTrue(checked > 0, what);
            // A second pass adds to what is there.
            double once = kernels.sumOfSquares(gradient.flat());
            gradient(gradient);
            assertEquals(4 * once, kernels.sumOfSquares(gradient.flat()), 1e-6 * once, what + ": accumulated");
        }
    }

    /** Every layer of every kind of codec, alone. */
    @ParameterizedTest
    @MethodSource("org.encore.model.encodec.TinyCodecs#all")
    void everyLayerAgreesWithFiniteDifferences(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        for (LayerSpec layer : (Iterable<LayerSpec>)
                Stream.concat(LayerSpec.encoder(c).stream(), LayerSpec.decoder(c).stream())::iterator) {
            if (layer instanceof ExponentialUnit) {
                continue;
            }
            try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
                Trial.of(kernels, c, List.of(layer), in(layer), 11, kind + ", " + layer)
                        .assertGradients(c, name(layer));
            }
        }
    }

    private static int in(LayerSpec layer) {
        if (layer instanceof Conv conv) {
            return conv.in();
        }
        if (layer instanceof TransposedConv conv) {
            return conv.in();
        }
        return layer.out();
    }

    private static String name(LayerSpec layer) {
        if (layer instanceof Conv conv) {
            return conv.name();
        }
        if (layer instanceof TransposedConv conv) {
            return conv.name();
        }
        if (layer instanceof Recurrent lstm) {
            return lstm.name();
        }
        Optional<Conv> shortcut = ((Residual) layer).shortcut();
        String name = ((Residual) layer).first().name();
        assertTrue(shortcut.isEmpty() || shortcut.get().name().startsWith(name.substring(0, name.indexOf(".block"))));
        return name.substring(0, name.indexOf(".block") + 1);
    }

    @ParameterizedTest
    @MethodSource("org.encore.model.encodec.TinyCodecs#all")
    void encoderAndDecoderAgreeWithFiniteDifferences(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            Trial.of(kernels, c, LayerSpec.encoder(c), c.channels(), 3 * c.hop() - 1, kind + ", encoder")
                    .assertGradients(c, "encoder.");
            Trial.of(kernels, c, LayerSpec.decoder(c), c.hidden(), 4, kind + ", decoder")
                    .assertGradients(c, "decoder.");
        }
    }

    /** The SIMD kernels compute the gradients of the portable ones. */
    @ParameterizedTest
    @MethodSource("org.encore.model.encodec.TinyCodecs#all")
    void simdKernelsGiveTheSameGradients(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Kernels exact = new PortableKernels(Precision.DOUBLE);
                Kernels simd = new SimdKernelsProvider().open(Precision.SINGLE)) {
            EncodecParameters expected = new EncodecParameters(exact, c);
            EncodecParameters actual = new EncodecParameters(simd, c);
            int steps = 5 * c.hop() - 1;
            Trial.of(exact, c, LayerSpec.encoder(c), c.channels(), steps, "").gradient(expected);
            Trial.of(simd, c, LayerSpec.encoder(c), c.channels(), steps, "").gradient(actual);
            Trial.of(exact, c, LayerSpec.decoder(c), c.hidden(), 5, "").gradient(expected);
            Trial.of(simd, c, LayerSpec.decoder(c), c.hidden(), 5, "").gradient(actual);
            for (String name : expected.names()) {
                double[] truth = exact.readDoubles(expected.get(name));
                double[] found = simd.readDoubles(actual.get(name));
                double size = Math.sqrt(exact.sumOfSquares(expected.get(name)) / truth.length);
                for (int i = 0; i < truth.length; i++) {
                    assertEquals(truth[i], found[i], 1e-3 * size, name + " at " + i);
                }
            }
        }
    }
}
