package org.encore.model.encodec;

import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** A convolution over time as a product: windows of the input as rows ({@code im2col}), times the weights. */
final class Convolution implements Layer {
    private final Kernels kernels;
    private final EncodecConfig config;
    private final Conv spec;
    private final Tensor weight;
    private final Tensor bias;
    private final Unfolded unfolded;
    private final Buffer out;
    private final Buffer inputGradient;
    private Windows windows;
    private int windowSteps;
    private Tensor input;
    private int batch;

    Convolution(SeaNet.Parts parts, Conv spec, Extent capacity) {
        this.kernels = parts.kernels();
        this.config = parts.config();
        this.spec = spec;
        this.weight = parts.parameters().get(spec.name() + ".weight");
        this.bias = parts.parameters().get(spec.name() + ".bias");
        this.unfolded = parts.unfolded();
        this.out = new Buffer(kernels, capacity.batch() * steps(capacity.steps()), spec.out());
        this.inputGradient = new Buffer(kernels, capacity.rows(), spec.in());
        if (!isPointwise()) {
            unfolded.reserve(spec.kernel() * spec.in(), steps(capacity.steps()));
        }
    }

    /** One tap, one stride: the windows are the rows themselves. */
    private boolean isPointwise() {
        return spec.kernel() == 1 && spec.stride() == 1;
    }

    @Override
    public int steps(int steps) {
        return (steps + spec.stride() - 1) / spec.stride();
    }

    @Override
    public Tensor forward(Tensor x, int sequences) {
        input = x;
        batch = sequences;
        int from = x.rows() / sequences;
        int to = steps(from);
        Tensor y = out.rows(sequences * to);
        if (isPointwise()) {
            kernels.linear(x, weight, y);
        } else {
            lookAt(from);
            for (int b = 0; b < sequences; b++) {
                Tensor source = x.rowRange(b * from, from);
                for (Windows.Block block : windows.blocks()) {
                    Tensor columns = unfolded.gather(source, block, spec.in());
                    kernels.linear(columns, weight, y.rowRange(b * to + block.first(), block.count()));
                }
            }
        }
        kernels.addBias(bias, y);
        return y;
    }

    private void lookAt(int steps) {
        if (windows == null || windowSteps != steps) {
            windows = Windows.of(spec, config, steps, Unfolded.windows(spec.kernel() * spec.in()));
            windowSteps = steps;
        }
    }

    @Override
    public Tensor backward(Tensor dy, EncodecParameters gradient) {
        Tensor dweight = gradient.get(spec.name() + ".weight");
        kernels.biasGradient(dy, gradient.get(spec.name() + ".bias"));
        Tensor dx = inputGradient.rows(input.rows());
        if (isPointwise()) {
            kernels.linearWeightGradient(dy, input, dweight);
            kernels.linearInputGradient(dy, weight, dx);
            return dx;
        }
        kernels.fill(dx, 0.0);
        int from = input.rows() / batch;
        int to = steps(from);
        for (int b = 0; b < batch; b++) {
            for (Windows.Block block : windows.blocks()) {
                Tensor part = dy.rowRange(b * to + block.first(), block.count());
                Tensor columns = unfolded.gather(input.rowRange(b * from, from), block, spec.in());
                kernels.linearWeightGradient(part, columns, dweight);
                // The columns are not needed any more: their gradient takes their place.
                kernels.linearInputGradient(part, weight, columns);
                unfolded.scatter(block, spec.in(), dx.rowRange(b * from, from));
            }
        }
        return dx;
    }

    /** Windows side by side, block by block, in memory that the layers of a net share. */
    static final class Unfolded {
        /** Elements of a block: few enough for the second-level cache, windows enough to make use of packed weights. */
        private static final int ELEMENTS = 1 << 18;

        private static final int LEAST_WINDOWS = 256;

        private final Kernels kernels;
        private final Buffer memory;

        Unfolded(Kernels kernels) {
            this.kernels = kernels;
            this.memory = new Buffer(kernels, 1, 1);
        }

        /** Windows of a block. */
        static int windows(int width) {
            return Math.max(LEAST_WINDOWS, ELEMENTS / width);
        }

        /** Elements of a block of windows of a width, of {@code count} windows in all. */
        static long elements(int width, long count) {
            return Math.min(windows(width), count) * width;
        }

        /** Makes room for blocks of windows of a width, of at most {@code count} windows in all. */
        void reserve(int width, int count) {
            memory.reserve(Math.multiplyExact(Math.min(windows(width), count), width));
        }

        /** Room for a block. Shapes: result {@code [windows, width]} */
        Tensor block(int windows, int width) {
            return memory.shaped(windows, width);
        }

        /** Copies windows out of a signal. Shapes: x {@code [T, C]}, result {@code [windows, taps · C]} */
        Tensor gather(Tensor x, Windows.Block block, int channels) {
            kernels.gatherRows(block.rows(), x, memory.shaped(block.rows().length, channels));
            return memory.shaped(block.count(), block.rows().length / block.count() * channels);
        }

        /** Adds the windows held to a signal. */
        void scatter(Windows.Block block, int channels, Tensor y) {
            kernels.scatterRows(block.rows(), memory.shaped(block.rows().length, channels), y);
        }
    }
}
