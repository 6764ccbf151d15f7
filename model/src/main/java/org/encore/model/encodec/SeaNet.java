package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.encodec.Convolution.Unfolded;
import org.encore.model.encodec.Layer.Extent;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.ExponentialUnit;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** A stack of layers with weights and buffers: an encoder, a decoder, or a part of one. Weights may be shared, buffers not. */
public final class SeaNet {
    private final List<Layer> layers = new ArrayList<>();

    /** What all layers of a net need. */
    record Parts(Kernels kernels, EncodecConfig config, EncodecParameters parameters, Unfolded unfolded) {}

    /**
     * Makes the layers; buffers are allocated when first used.
     *
     * @param specs the layers, in order
     * @param parameters of kernels of the same kind
     * @param batch the most sequences of a pass
     * @param steps the most steps of a sequence
     */
    public SeaNet(
            Kernels kernels,
            EncodecConfig config,
            List<LayerSpec> specs,
            EncodecParameters parameters,
            int batch,
            int steps) {
        Parts parts = new Parts(kernels, config, parameters, new Unfolded(kernels));
        Extent extent = new Extent(batch, steps);
        for (LayerSpec spec : specs) {
            Layer layer = layer(parts, spec, extent);
            layers.add(layer);
            extent = new Extent(batch, layer.steps(extent.steps()));
        }
    }

    private static Layer layer(Parts parts, LayerSpec spec, Extent capacity) {
        if (spec instanceof Conv conv) {
            return new Convolution(parts, conv, capacity);
        }
        if (spec instanceof TransposedConv conv) {
            return new TransposedConvolution(parts, conv, capacity);
        }
        if (spec instanceof Residual residual) {
            return new ResidualBlock(parts, residual, capacity);
        }
        if (spec instanceof Recurrent recurrent) {
            return new Lstm(parts, recurrent, capacity);
        }
        return new Layer.Elu(parts.kernels(), ((ExponentialUnit) spec).out(), capacity);
    }

    /** Elements that the buffers of layers have after a forward pass over a number of steps. */
    static long elements(List<LayerSpec> specs, int steps) {
        long sum = 0;
        long block = 0;
        long at = steps;
        for (LayerSpec spec : specs) {
            if (spec instanceof Conv conv) {
                at = (at + conv.stride() - 1) / conv.stride();
                block = Math.max(block, Unfolded.elements(conv.kernel() * conv.in(), at));
            } else if (spec instanceof TransposedConv conv) {
                block = Math.max(block, Unfolded.elements(conv.kernel() * conv.out(), at));
                at *= conv.stride();
            } else if (spec instanceof Residual residual) {
                block = Math.max(block, Unfolded.elements(residual.first().kernel() * residual.out(), at));
                sum += at * (residual.out() + 2L * residual.first().out());
            } else if (spec instanceof Recurrent lstm) {
                sum += at * lstm.out() * 6L * lstm.layers();
            }
            sum += at * spec.out();
        }
        return sum + block;
    }

    /** Packs the recurrent weights for inference; later changes of them are not followed. */
    void pack(Packing packing) {
        for (Layer layer : layers) {
            if (layer instanceof Lstm lstm) {
                lstm.pack(packing);
            }
        }
    }

    /** Steps that come of a number of steps. */
    public int steps(int steps) {
        int result = steps;
        for (Layer layer : layers) {
            result = layer.steps(result);
        }
        return result;
    }

    /**
     * A pass over whole sequences; the result lives until the next pass. Shapes: x {@code [B·T, in]}, result {@code
     * [B·steps(T), out]}
     */
    public Tensor forward(Tensor x, int batch) {
        begin();
        return goOn(x, batch);
    }

    /** Forgets the past. */
    void begin() {
        layers.forEach(Layer::begin);
    }

    /** A pass over the next steps of sequences: recurrent layers go on from their states. */
    Tensor goOn(Tensor x, int batch) {
        Tensor y = x;
        for (Layer layer : layers) {
            y = layer.forward(y, batch);
        }
        return y;
    }

    /**
     * Adds the gradient of the parameters for the last {@link #forward} and returns that of its input; {@code dy} may be
     * destroyed.
     */
    public Tensor backward(Tensor dy, EncodecParameters gradient) {
        Tensor dx = dy;
        for (int i = layers.size() - 1; i >= 0; i--) {
            dx = layers.get(i).backward(dx, gradient);
        }
        return dx;
    }
}
