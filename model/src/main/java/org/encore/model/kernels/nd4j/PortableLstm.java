package org.encore.model.kernels.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The pointwise part of an LSTM step. */
final class PortableLstm {
    private final Scratch scratch;

    PortableLstm(Scratch scratch) {
        this.scratch = scratch;
    }

    private static INDArray gate(NdTensor gates, int index) {
        int width = gates.columns() / 4;
        return gates.view(0, index * width, gates.rows(), width).matrix();
    }

    private static void sigmoid(INDArray x) {
        x.muli(0.5);
        NdOps.tanh(x, x);
        x.muli(0.5).addi(0.5);
    }

    void cell(NdTensor gates, INDArray before, INDArray cell, INDArray hidden) {
        INDArray in = gate(gates, 0);
        INDArray forget = gate(gates, 1);
        INDArray candidate = gate(gates, 2);
        INDArray output = gate(gates, 3);
        sigmoid(in);
        sigmoid(forget);
        NdOps.tanh(candidate, candidate);
        sigmoid(output);
        INDArray added = buffer("lstm", in);
        in.muli(candidate, added);
        before.muli(forget, cell);
        cell.addi(added);
        NdOps.tanh(cell, hidden);
        hidden.muli(output);
    }

    void gradient(NdTensor gates, INDArray before, INDArray cell, INDArray dhidden, INDArray dcell) {
        INDArray in = gate(gates, 0);
        INDArray forget = gate(gates, 1);
        INDArray candidate = gate(gates, 2);
        INDArray output = gate(gates, 3);
        INDArray squashed = buffer("lstm", cell);
        INDArray term = buffer("lstm term", cell);
        NdOps.tanh(cell, squashed);
        // Through the hidden state: dh · o · (1 - tanh²(cell)).
        squashed.muli(squashed, term);
        term.rsubi(1.0).muli(output).muli(dhidden);
        dcell.addi(term);
        timesSigmoidSlope(output, dhidden, squashed);
        INDArray oldIn = buffer("lstm in", in);
        oldIn.assign(in);
        timesSigmoidSlope(in, dcell, candidate);
        candidate.muli(candidate, term);
        term.rsubi(1.0).muli(oldIn).muli(dcell);
        candidate.assign(term);
        oldIn.assign(forget);
        timesSigmoidSlope(forget, dcell, before);
        dcell.muli(oldIn);
    }

    /** {@code gate = gate (1 - gate) · a · b}. */
    private void timesSigmoidSlope(INDArray gate, INDArray a, INDArray b) {
        INDArray slope = buffer("lstm slope", gate);
        gate.muli(gate, slope);
        gate.subi(slope).muli(a).muli(b);
    }

    private INDArray buffer(String purpose, INDArray like) {
        return scratch.tensor(purpose, Math.toIntExact(like.size(0)), Math.toIntExact(like.size(1)))
                .matrix();
    }
}
