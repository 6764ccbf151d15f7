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
            FloatVector one = FloatVector.broadcast(SPECIES, 1f);
            FloatVector sum = dcell.floats().load(at + i).add(dh.mul(o).mul(one.sub(t.mul(t))));
            FloatVector slope = dh.mul(t).mul(o).mul(one.sub(o));
            // Vectors that cross a call that is not inlined become objects: hence no method for both cases.
            if (i <= width - LANES) {
                dcell.floats().store(at + i, sum);
                gates.store(output + i, slope);
            } else {
                dcell.floats().storePart(at + i, width - i, sum);
                gates.storePart(output + i, width - i, slope);
            }
        }
    }

    private static void otherGates(Floats gates, int gate, SimdTensor before, SimdTensor dcell, int row) {
        int width = dcell.columns();
        int from = row * before.stride();
        int at = row * dcell.stride();
        for (int i = 0; i < width; i += LANES) {
            FloatVector in = gates.load(gate + i);
            FloatVector forget = gates.load(gate + width + i);
            FloatVector candidate = gates.load(gate + 2 * width + i);
            FloatVector dc = dcell.floats().load(at + i);
            FloatVector one = FloatVector.broadcast(SPECIES, 1f);
            FloatVector kept = dc.mul(before.floats().load(from + i));
            FloatVector din = dc.mul(candidate).mul(in).mul(one.sub(in));
            FloatVector dforget = kept.mul(forget).mul(one.sub(forget));
            FloatVector dcandidate = dc.mul(in).mul(one.sub(candidate.mul(candidate)));
            if (i <= width - LANES) {
                gates.store(gate + i, din);
                gates.store(gate + width + i, dforget);
                gates.store(gate + 2 * width + i, dcandidate);
                dcell.floats().store(at + i, dc.mul(forget));
            } else {
                gates.storePart(gate + i, width - i, din);
                gates.storePart(gate + width + i, width - i, dforget);
                gates.storePart(gate + 2 * width + i, width - i, dcandidate);
                dcell.floats().storePart(at + i, width - i, dc.mul(forget));
            }
        }
    }
}
