package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** The pointwise part of an LSTM step, row by row; gates lie side by side in the order input, forget, cell, output. */
public final class LstmRows {
    private LstmRows() {}

    /** Activates the gates in place and computes cell and hidden state. */
    public static void cell(SimdTensor gates, SimdTensor before, SimdTensor cell, SimdTensor hidden) {
        int width = cell.columns();
        for (int row = 0; row < cell.rows(); row++) {
            int gate = row * gates.stride();
            int at = row * cell.stride();
            sigmoid(gates.floats(), gate, 2 * width);
            tanh(gates.floats(), gate + 2 * width, gates.floats(), gate + 2 * width, width);
            sigmoid(gates.floats(), gate + 3 * width, width);
            memorise(gates.floats(), gate, before.floats(), row * before.stride(), cell.floats(), at, width);
            tanh(cell.floats(), at, hidden.floats(), row * hidden.stride(), width);
            multiply(gates.floats(), gate + 3 * width, hidden.floats(), row * hidden.stride(), width);
        }
    }

    private static void sigmoid(Floats x, int first, int count) {
        int i = first;
        int end = first + count;
        for (; i <= end - LANES; i += LANES) {
            x.store(i, Elementary.sigmoid(x.load(i)));
        }
        if (i < end) {
            x.storePart(i, end - i, Elementary.sigmoid(x.load(i)));
        }
    }

    private static void tanh(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, Elementary.tanh(x.load(from + i)));
        }
        if (i < count) {
            y.storePart(to + i, count - i, Elementary.tanh(x.load(from + i)));
        }
    }

    /** {@code cell = forget · before + input · candidate}. */
    private static void memorise(Floats gates, int gate, Floats before, int from, Floats cell, int to, int width) {
        int i = 0;
        for (; i < width; i += LANES) {
            FloatVector kept = gates.load(gate + width + i).mul(before.load(from + i));
            FloatVector sum = gates.load(gate + i).fma(gates.load(gate + 2 * width + i), kept);
            if (i <= width - LANES) {
                cell.store(to + i, sum);
            } else {
                cell.storePart(to + i, width - i, sum);
            }
        }
    }

    private static void multiply(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, y.load(to + i).mul(x.load(from + i)));
        }
        if (i < count) {
            y.storePart(to + i, count - i, y.load(to + i).mul(x.load(from + i)));
        }
    }

    /** Replaces activated gates by the gradient of their arguments, and the gradient of the cell by that of the one before. */
    public static void gradient(
            SimdTensor gates,
            SimdTensor before,
            SimdTensor cell,
            SimdTensor dhidden,
            SimdTensor dcell,
            Floats scratch) {
        int width = cell.columns();
        for (int row = 0; row < cell.rows(); row++) {
            tanh(cell.floats(), row * cell.stride(), scratch, 0, width);
            int gate = row * gates.stride();
            outputGate(gates.floats(), gate, dhidden, dcell, row, scratch);
            otherGates(gates.floats(), gate, before, dcell, row);
        }
    }

    /** Adds to the gradient of the cell what comes through the hidden state, and replaces the output gate. */
    private static void outputGate(
            Floats gates, int gate, SimdTensor dhidden, SimdTensor dcell, int row, Floats squashed) {
        int width = dcell.columns();
        int output = gate + 3 * width;
        int from = row * dhidden.stride();
        int at = row * dcell.stride();
        for (int i = 0; i < width; i += LANES) {
            FloatVector o = gates.load(output + i);
            FloatVector t = squashed.load(i);
            FloatVector dh = dhidden.floats().load(from + i);
            FloatVector through = dh.mul(o).mul(one().sub(t.mul(t)));
            store(dcell.floats(), at + i, width - i, dcell.floats().load(at + i).add(through));
            store(gates, output + i, width - i, dh.mul(t).mul(o).mul(one().sub(o)));
        }
    }

    private static void otherGates(Floats gates, int gate, SimdTensor before, SimdTensor dcell, int row) {
        int width = dcell.columns();
        int from = row * before.stride();
        int at = row * dcell.stride();
        for (int i = 0; i < width; i += LANES) {
            int count = width - i;
            FloatVector in = gates.load(gate + i);
            FloatVector forget = gates.load(gate + width + i);
            FloatVector candidate = gates.load(gate + 2 * width + i);
            FloatVector dc = dcell.floats().load(at + i);
            FloatVector kept = dc.mul(before.floats().load(from + i));
            store(gates, gate + i, count, dc.mul(candidate).mul(in).mul(one().sub(in)));
            store(gates, gate + width + i, count, kept.mul(forget).mul(one().sub(forget)));
            store(gates, gate + 2 * width + i, count, dc.mul(in).mul(one().sub(candidate.mul(candidate))));
            store(dcell.floats(), at + i, count, dc.mul(forget));
        }
    }

    private static FloatVector one() {
        return FloatVector.broadcast(SPECIES, 1f);
    }

    private static void store(Floats y, int index, int count, FloatVector values) {
        if (count >= LANES) {
            y.store(index, values);
        } else {
            y.storePart(index, count, values);
        }
    }
}
