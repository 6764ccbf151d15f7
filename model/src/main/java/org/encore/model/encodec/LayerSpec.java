package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A layer of encoder or decoder: its kind, its name in a checkpoint, its sizes.
 *
 * <p>The lists of {@link #encoder} and {@link #decoder} are the architecture (SEANet: Tagliasacchi et al. 2020, as in EnCodec:
 * Défossez et al. 2022, section 3.1). Everything else follows them: parameters, layers, the reading of checkpoints.
 */
public sealed interface LayerSpec {
    /** Width of its output. */
    int out();

    /**
     * A convolution over time.
     *
     * @param name in the checkpoint
     * @param in input channels
     * @param out output channels
     * @param kernel taps
     * @param stride steps of the input for one of the output
     * @param dilation steps of the input from tap to tap
     */
    record Conv(String name, int in, int out, int kernel, int stride, int dilation) implements LayerSpec {}

    /**
     * A transposed convolution over time.
     *
     * @param name in the checkpoint
     * @param in input channels
     * @param out output channels
     * @param kernel taps
     * @param stride steps of the output for one of the input
     */
    record TransposedConv(String name, int in, int out, int kernel, int stride) implements LayerSpec {}

    /**
     * Two convolutions, each after an ELU, with a skip around them.
     *
     * @param first the dilated one
     * @param second the one of width 1
     * @param shortcut of the skip; without it the skip is the input itself
     */
    record Residual(Conv first, Conv second, Optional<Conv> shortcut) implements LayerSpec {
        @Override
        public int out() {
            return second.out();
        }
    }

    /**
     * An LSTM of several layers with a skip around all of them.
     *
     * @param name in the checkpoint
     * @param out width of input, state and output
     * @param layers number of layers
     */
    record Recurrent(String name, int out, int layers) implements LayerSpec {}

    /**
     * An exponential linear unit.
     *
     * @param out width of input and output
     */
    record ExponentialUnit(int out) implements LayerSpec {}

    /** The layers from sound to latent frames. */
    static List<LayerSpec> encoder(EncodecConfig c) {
        Stack stack = new Stack("encoder.layers.");
        int width = c.filters();
        stack.conv(c.channels(), width, c.kernels().first(), 1);
        for (int i = c.ratios().size() - 1; i >= 0; i--) {
            stack.residuals(c, width);
            stack.elu(width);
            stack.conv(width, 2 * width, 2 * c.ratios().get(i), c.ratios().get(i));
            width *= 2;
        }
        stack.lstm(width, c.lstmLayers());
        stack.elu(width);
        stack.conv(width, c.hidden(), c.kernels().last(), 1);
        return stack.layers;
    }

    /** The layers from latent frames to sound. */
    static List<LayerSpec> decoder(EncodecConfig c) {
        Stack stack = new Stack("decoder.layers.");
        int width = c.filters() << c.ratios().size();
        stack.conv(c.hidden(), width, c.kernels().first(), 1);
        stack.lstm(width, c.lstmLayers());
        for (int ratio : c.ratios()) {
            stack.elu(width);
            stack.transposed(width, width / 2, 2 * ratio, ratio);
            width /= 2;
            stack.residuals(c, width);
        }
        stack.elu(width);
        stack.conv(width, c.channels(), c.kernels().last(), 1);
        return stack.layers;
    }

    /**
     * Multiplications and additions of the products of layers.
     *
     * @param steps of the first layer's input
     */
    static double operations(List<LayerSpec> layers, double steps) {
        double sum = 0;
        double at = steps;
        for (LayerSpec layer : layers) {
            if (layer instanceof Conv c) {
                at /= c.stride();
            }
            sum += 2.0 * at * layer.weights();
            if (layer instanceof TransposedConv c) {
                at *= c.stride();
            }
        }
        return sum;
    }

    /** Weights that a step multiplies with. */
    private double weights() {
        if (this instanceof Conv c) {
            return (double) c.in() * c.out() * c.kernel();
        }
        if (this instanceof TransposedConv c) {
            return (double) c.in() * c.out() * c.kernel();
        }
        if (this instanceof Recurrent r) {
            return 8.0 * r.out() * r.out() * r.layers();
        }
        if (this instanceof Residual r) {
            return ((LayerSpec) r.first()).weights()
                    + ((LayerSpec) r.second()).weights()
                    + r.shortcut().map(conv -> ((LayerSpec) conv).weights()).orElse(0.0);
        }
        return 0;
    }

    /** Where the LSTM stands: the layers before it and those after it see a few neighbouring steps, the LSTM all before. */
    static int recurrentIndex(List<LayerSpec> layers) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Recurrent) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no LSTM among the layers");
    }

    /** Appends layers, which are numbered in the checkpoint. */
    final class Stack {
        private final String prefix;
        private final List<LayerSpec> layers = new ArrayList<>();

        private Stack(String prefix) {
            this.prefix = prefix;
        }

        private String next() {
            return prefix + layers.size();
        }

        private void conv(int in, int out, int kernel, int stride) {
            layers.add(new Conv(next() + ".conv", in, out, kernel, stride, 1));
        }

        private void transposed(int in, int out, int kernel, int stride) {
            layers.add(new TransposedConv(next() + ".conv", in, out, kernel, stride));
        }

        private void lstm(int width, int count) {
            layers.add(new Recurrent(next() + ".lstm", width, count));
        }

        private void elu(int width) {
            layers.add(new ExponentialUnit(width));
        }

        private void residuals(EncodecConfig c, int width) {
            int inner = width / c.compress();
            int dilation = 1;
            for (int j = 0; j < c.residualLayers(); j++) {
                String name = next();
                Conv first = new Conv(
                        name + ".block.1.conv", width, inner, c.kernels().residual(), 1, dilation);
                Conv second = new Conv(name + ".block.3.conv", inner, width, 1, 1, 1);
                Optional<Conv> shortcut = c.convShortcut()
                        ? Optional.of(new Conv(name + ".shortcut.conv", width, width, 1, 1, 1))
                        : Optional.empty();
                layers.add(new Residual(first, second, shortcut));
                dilation = Math.multiplyExact(dilation, c.dilationGrowth());
            }
        }
    }
}
