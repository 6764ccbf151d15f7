package org.encore.model.encodec;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Tensor;

/**
 * A layer with its weights and buffers, on rows {@code [B·T, C]}, sequence by sequence.
 *
 * <p>A result lives until the next forward pass. The backward pass belongs to the last forward pass.
 */
sealed interface Layer permits Convolution, TransposedConvolution, ResidualBlock, Lstm, Layer.Elu {
    /** Steps of a sequence that come of a number of steps. */
    int steps(int steps);

    /** Shapes: x {@code [B·T, in]}, result {@code [B·steps(T), out]} */
    Tensor forward(Tensor x, int batch);

    /**
     * Adds to the gradient of the parameters and returns the gradient of the input; {@code dy} may be destroyed.
     *
     * <p>Shapes: dy {@code [B·steps(T), out]}, result {@code [B·T, in]}.
     */
    Tensor backward(Tensor dy, EncodecParameters gradient);

    /** Forgets the past: the next forward pass begins sequences. */
    default void begin() {}

    /** The largest pass that buffers are made for: B sequences of T steps. */
    record Extent(int batch, int steps) {
        int rows() {
            return Math.multiplyExact(batch, steps);
        }
    }

    /** Exponential linear unit. */
    final class Elu implements Layer {
        private final Kernels kernels;
        private final Buffer out;
        private Tensor input;

        Elu(Kernels kernels, int width, Extent capacity) {
            this.kernels = kernels;
            this.out = new Buffer(kernels, capacity.rows(), width);
        }

        @Override
        public int steps(int steps) {
            return steps;
        }

        @Override
        public Tensor forward(Tensor x, int batch) {
            input = x;
            Tensor y = out.rows(x.rows());
            kernels.activation(Activation.ELU, x, y);
            return y;
        }

        @Override
        public Tensor backward(Tensor dy, EncodecParameters gradient) {
            kernels.activationGradient(Activation.ELU, input, dy);
            return dy;
        }
    }
}
