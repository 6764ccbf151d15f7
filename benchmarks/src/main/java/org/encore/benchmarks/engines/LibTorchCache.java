package org.encore.benchmarks.engines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.encore.model.transformer.DecoderConfig;

/** Keys and values of the steps decoded so far, in buffers made once. */
final class LibTorchCache implements AutoCloseable {
    private final NDManager scope;
    private final List<Layer> layers = new ArrayList<>();
    private int length;

    /**
     * One layer's buffers.
     *
     * @param keys {@code [B, H, T, D / H]}
     * @param values {@code [B, H, T, D / H]}
     */
    record Layer(NDArray keys, NDArray values) {}

    LibTorchCache(NDManager parent, DecoderConfig d, int sequences, int steps) {
        scope = parent.newSubManager();
        Shape shape = new Shape(sequences, d.heads(), steps, d.headWidth());
        for (int i = 0; i < d.layers(); i++) {
            layers.add(new Layer(scope.zeros(shape), scope.zeros(shape)));
        }
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    /** Steps held. */
    int length() {
        return length;
    }

    void advance() {
        length++;
    }

    @Override
    public void close() {
        scope.close();
    }
}
