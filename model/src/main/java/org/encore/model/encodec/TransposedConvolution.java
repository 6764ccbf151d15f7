package org.encore.model.encodec;

import org.encore.model.encodec.Convolution.Unfolded;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** A transposed convolution over time: each row times the weights is a window of the output; windows add up ({@code col2im}). */
final class TransposedConvolution implements Layer {
    private final Kernels kernels;
    private final EncodecConfig config;
    private final TransposedConv spec;
    private final Tensor weight;
    private final Tensor bias;
    private final Unfolded unfolded;
    private final Buffer out;
    private final Buffer inputGradient;
    private Windows windows;
    private int windowSteps;
    private Tensor input;
    private int batch;

    TransposedConvolution(SeaNet.Parts parts, TransposedConv spec, Extent capacity) {
        this.kernels = parts.kernels();
        this.config = parts.config();
        this.spec = spec;
        this.weight = parts.parameters().get(spec.name() + ".weight");
        this.bias = parts.parameters().get(spec.name() + ".bias");
        this.unfolded = parts.unfolded();
        this.out = new Buffer(kernels, capacity.batch() * steps(capacity.steps()), spec.out());
        this.inputGradient = new Buffer(kernels, capacity.rows(), spec.in());
        unfolded.reserve(spec.kernel() * spec.out(), capacity.steps());
    }

    @Override
    public int steps(int steps) {
        return Math.multiplyExact(steps, spec.stride());
    }

    @Override
    public Tensor forward(Tensor x, int sequences) {
        input = x;
        batch = sequences;
        int from = x.rows() / sequences;
        int to = steps(from);
        Tensor y = out.rows(sequences * to);
        kernels.fill(y, 0.0);
        kernels.addBias(bias, y);
        lookAt(from);
        for (int b = 0; b < sequences; b++) {
            Tensor target = y.rowRange(b * to, to);
            for (Windows.Block block : windows.blocks()) {
                Tensor products = unfolded.block(block.count(), spec.kernel() * spec.out());
                kernels.linear(x.rowRange(b * from + block.first(), block.count()), weight, products);
                unfolded.scatter(block, spec.out(), target);
            }
        }
        return y;
    }

    private void lookAt(int steps) {
        if (windows == null || windowSteps != steps) {
            windows = Windows.of(spec, config, steps, Unfolded.windows(spec.kernel() * spec.out()));
            windowSteps = steps;
        }
    }

    @Override
    public Tensor backward(Tensor dy, EncodecParameters gradient) {
        Tensor dweight = gradient.get(spec.name() + ".weight");
        kernels.biasGradient(dy, gradient.get(spec.name() + ".bias"));
        Tensor dx = inputGradient.rows(input.rows());
        int from = input.rows() / batch;
        int to = steps(from);
        for (int b = 0; b < batch; b++) {
            for (Windows.Block block : windows.blocks()) {
                Tensor products = unfolded.gather(dy.rowRange(b * to, to), block, spec.out());
                int first = b * from + block.first();
                kernels.linearWeightGradient(products, input.rowRange(first, block.count()), dweight);
                kernels.linearInputGradient(products, weight, dx.rowRange(first, block.count()));
            }
        }
        return dx;
    }
}
