package org.encore.model.encodec;

import java.util.List;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** {@code y = skip(x) + conv(elu(conv(elu(x))))}; the skip is x itself or a convolution of width 1. */
final class ResidualBlock implements Layer {
    private final Kernels kernels;
    private final List<Layer> branch;
    private final Convolution shortcut;

    ResidualBlock(SeaNet.Parts parts, Residual spec, Extent capacity) {
        this.kernels = parts.kernels();
        this.branch = List.of(
                new Elu(kernels, spec.first().in(), capacity),
                new Convolution(parts, spec.first(), capacity),
                new Elu(kernels, spec.second().in(), capacity),
                new Convolution(parts, spec.second(), capacity));
        this.shortcut = spec.shortcut()
                .map(conv -> new Convolution(parts, conv, capacity))
                .orElse(null);
    }

    @Override
    public int steps(int steps) {
        return steps;
    }

    @Override
    public Tensor forward(Tensor x, int batch) {
        Tensor y = x;
        for (Layer layer : branch) {
            y = layer.forward(y, batch);
        }
        kernels.add(shortcut == null ? x : shortcut.forward(x, batch), y);
        return y;
    }

    @Override
    public Tensor backward(Tensor dy, EncodecParameters gradient) {
        Tensor dx = dy;
        for (int i = branch.size() - 1; i >= 0; i--) {
            dx = branch.get(i).backward(dx, gradient);
        }
        kernels.add(shortcut == null ? dy : shortcut.backward(dy, gradient), dx);
        return dx;
    }
}
