package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Tensor;

/** One step of a number N of sequences: what goes in, the buffers on the way, and the logits that come out. */
public final class StepRows {
    final Tensor x;
    final Tensor normed;
    final Tensor qkv;
    final AttentionInputs self;
    final Tensor attended;
    final Tensor crossQ;
    final Tensor gated;
    final List<Tensor> tables;
    /** Codes of each codebook, then positions; {@code [K + 1][N]}. */
    final int[][] ids;

    private final int[] slots;
    private final List<Tensor> logits = new ArrayList<>();

    StepRows(Arena arena, MusicTransformer model, int rows) {
        DecoderConfig c = model.config().decoder();
        int d = c.width();
        slots = new int[rows];
        ids = new int[c.codebooks() + 1][rows];
        tables = new ArrayList<>(model.decoderWeights().embeddings());
        tables.add(model.positions());
        x = arena.take(rows, d);
        normed = arena.take(rows, d);
        qkv = arena.take(rows, 3 * d);
        self = DecoderActivations.thirds(qkv, null);
        attended = arena.take(rows, d);
        crossQ = arena.take(rows, d);
        gated = arena.take(rows, c.feedForward());
        for (int k = 0; k < c.codebooks(); k++) {
            logits.add(arena.take(rows, c.vocabulary()));
        }
    }

    /** Number of sequences. */
    public int count() {
        return slots.length;
    }

    /** Which sequence a row belongs to, by its slot; to be filled in. Shapes: {@code [N]} */
    public int[] slots() {
        return slots;
    }

    /** Input id of each row in a codebook; to be filled in. Shapes: {@code [N]} */
    public int[] inputs(int codebook) {
        return ids[codebook];
    }

    /** Logits of a codebook after the step, valid until the next step of any number of rows. Shapes: {@code [N, V]} */
    public Tensor logits(int codebook) {
        return logits.get(codebook);
    }
}
