package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * An LSTM of several layers with a skip around all of them: {@code y = x + lstm(x)}.
 *
 * <p>The products with the inputs are taken for all steps at once, those with the hidden state step by step. The state goes on
 * from one forward pass to the next until {@link #begin}; the backward pass expects that its forward pass began the sequences.
 */
final class Lstm implements Layer {
    private final Kernels kernels;
    private final int width;
    private final List<Level> levels = new ArrayList<>();
    private final Buffer out;
    private final Buffer inputGradient;
    private Tensor input;
    private int batch;

    Lstm(SeaNet.Parts parts, Recurrent spec, Extent capacity) {
        this.kernels = parts.kernels();
        this.width = spec.out();
        this.out = new Buffer(kernels, capacity.rows(), width);
        this.inputGradient = new Buffer(kernels, capacity.rows(), width);
        for (int i = 0; i < spec.layers(); i++) {
            levels.add(new Level(parts, spec, i, capacity));
        }
    }

    /** Lays the recurrent weights out for products of few rows: faster, and without following later changes of them. */
    void pack(Packing packing) {
        levels.forEach(level -> level.packed = kernels.decoding().pack(level.recurrent, packing));
    }

    @Override
    public int steps(int steps) {
        return steps;
    }

    @Override
    public void begin() {
        levels.forEach(Level::begin);
    }

    @Override
    public Tensor forward(Tensor x, int sequences) {
        input = x;
        batch = sequences;
        Tensor y = x;
        for (Level level : levels) {
            y = level.forward(y);
        }
        Tensor sum = out.rows(x.rows());
        kernels.copy(x, sum);
        kernels.add(y, sum);
        return sum;
    }

    @Override
    public Tensor backward(Tensor dy, EncodecParameters gradient) {
        Tensor dx = inputGradient.rows(input.rows());
        kernels.copy(dy, dx);
        for (int i = levels.size() - 1; i >= 0; i--) {
            Tensor below = i == 0 ? input : levels.get(i - 1).hidden.rows(input.rows());
            levels.get(i).backward(dx, below, gradient);
        }
        kernels.add(dy, dx);
        return dx;
    }

    /** The states of one step of all sequences: rows that lie a sequence apart. */
    private Tensor step(Tensor rows, int t) {
        if (batch == 1) {
            return rows.rowRange(t, 1);
        }
        int steps = rows.rows() / batch;
        return rows.reshaped(batch, steps * rows.columns()).columnRange(t * rows.columns(), rows.columns());
    }

    /** One of its layers. */
    private final class Level {
        private final String name;
        private final int index;
        private final Tensor fromInput;
        private final Tensor recurrent;
        private final Tensor inputBias;
        private final Tensor recurrentBias;
        private final Buffer gates;
        private final Buffer cells;
        private final Buffer hidden;
        private final Buffer lastHidden;
        private final Buffer lastCell;
        private final Buffer zeros;
        private final Buffer cellGradient;
        private PackedWeights packed;
        private boolean begun = true;

        Level(SeaNet.Parts parts, Recurrent spec, int index, Extent capacity) {
            this.name = spec.name();
            this.index = index;
            this.fromInput = weight(parts.parameters(), "weight_ih");
            this.recurrent = weight(parts.parameters(), "weight_hh");
            this.inputBias = weight(parts.parameters(), "bias_ih");
            this.recurrentBias = weight(parts.parameters(), "bias_hh");
            int rows = capacity.rows();
            this.gates = new Buffer(kernels, rows, 4 * width);
            this.cells = new Buffer(kernels, rows, width);
            this.hidden = new Buffer(kernels, rows, width);
            this.lastHidden = new Buffer(kernels, capacity.batch(), width);
            this.lastCell = new Buffer(kernels, capacity.batch(), width);
            this.zeros = new Buffer(kernels, capacity.batch(), width);
            this.cellGradient = new Buffer(kernels, capacity.batch(), width);
        }

        private Tensor weight(EncodecParameters parameters, String kind) {
            return parameters.get(name + "." + kind + "_l" + index);
        }

        void begin() {
            begun = true;
        }

        Tensor forward(Tensor x) {
            int steps = x.rows() / batch;
            Tensor h = hidden.rows(x.rows());
            Tensor c = cells.rows(x.rows());
            Tensor g = gates.rows(x.rows());
            kernels.linear(x, fromInput, g);
            kernels.addBias(inputBias, g);
            kernels.addBias(recurrentBias, g);
            Tensor before = lastHidden.rows(batch);
            Tensor cellBefore = lastCell.rows(batch);
            if (begun) {
                kernels.fill(before, 0.0);
                kernels.fill(cellBefore, 0.0);
                begun = false;
            }
            for (int t = 0; t < steps; t++) {
                Tensor gate = step(g, t);
                addRecurrent(before, gate);
                Tensor cell = step(c, t);
                before = step(h, t);
                kernels.lstmCell(gate, cellBefore, cell, before);
                cellBefore = cell;
            }
            kernels.copy(before, lastHidden.rows(batch));
            kernels.copy(cellBefore, lastCell.rows(batch));
            return h;
        }

        private void addRecurrent(Tensor before, Tensor gate) {
            if (packed == null) {
                kernels.addLinear(before, recurrent, gate);
            } else {
                kernels.decoding().addLinear(before, packed, gate);
            }
        }

        /** Replaces the gradient of its hidden states by that of its inputs. */
        void backward(Tensor dh, Tensor x, EncodecParameters gradient) {
            int steps = x.rows() / batch;
            Tensor g = gates.rows(x.rows());
            Tensor c = cells.rows(x.rows());
            Tensor h = hidden.rows(x.rows());
            Tensor dcell = cellGradient.rows(batch);
            kernels.fill(dcell, 0.0);
            kernels.fill(zeros.rows(batch), 0.0);
            for (int t = steps - 1; t >= 0; t--) {
                Tensor cellBefore = t == 0 ? zeros.rows(batch) : step(c, t - 1);
                kernels.lstmCellGradient(step(g, t), cellBefore, step(c, t), step(dh, t), dcell);
                if (t > 0) {
                    kernels.addLinearInputGradient(step(g, t), recurrent, step(dh, t - 1));
                }
            }
            for (int b = 0; b < batch && steps > 1; b++) {
                kernels.linearWeightGradient(
                        g.rowRange(b * steps + 1, steps - 1),
                        h.rowRange(b * steps, steps - 1),
                        weight(gradient, "weight_hh"));
            }
            kernels.linearWeightGradient(g, x, weight(gradient, "weight_ih"));
            kernels.biasGradient(g, weight(gradient, "bias_ih"));
            kernels.biasGradient(g, weight(gradient, "bias_hh"));
            kernels.linearInputGradient(g, fromInput, dh);
        }
    }
}
