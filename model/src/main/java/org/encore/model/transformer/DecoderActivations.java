package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.Arena;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** The decoder's buffers for one shape; N = B·T rows, R = B·S text rows. Those of cross-attention are null without text. */
final class DecoderActivations {
    /**
     * One block.
     *
     * @param qkv {@code [N, 3D]}
     * @param selfLogSums of the exponentials of each query's scores, {@code [B * H * T, 1]}
     * @param selfAttended {@code [N, D]}
     * @param selfInputs queries, keys and values in {@code qkv}
     * @param crossQ {@code [N, D]}
     * @param crossKv {@code [R, 2D]}
     * @param crossWeights {@code [B * H * T, S]}
     * @param crossAttended {@code [N, D]}
     * @param crossInputs queries, keys and values in {@code crossQ} and {@code crossKv}
     * @param hidden before the non-linearity, {@code [N, I]}
     * @param gated after it, {@code [N, I]}
     */
    record Block(
            Normed selfNorm,
            Tensor qkv,
            AttentionInputs selfInputs,
            Tensor selfLogSums,
            Tensor selfAttended,
            Normed crossNorm,
            Tensor crossQ,
            Tensor crossKv,
            AttentionInputs crossInputs,
            Tensor crossWeights,
            Tensor crossAttended,
            Normed feedForwardNorm,
            Tensor hidden,
            Tensor gated) {}

    private final BatchShape shape;
    private final int[][] ids;
    private DecoderTap.Rows rows;

    final AttentionShape selfAttention;
    final AttentionShape crossAttention;
    final Tensor text;
    final Tensor x;
    /** Of every block; the same object for all if they are recomputed. */
    final List<Block> blocks = new ArrayList<>();
    /** Input of every block, {@code [N, D]}; empty if nothing is recomputed. */
    final List<Tensor> blockInputs = new ArrayList<>();

    final Normed states;
    final List<Tensor> logits = new ArrayList<>();
    final Tensor scalars;

    final Tensor dx;
    final Tensor dy;
    final Tensor dqkv;
    final AttentionGradients dself;
    final AttentionGradients dcross;
    final Tensor dattended;
    final Tensor dq;
    final Tensor dkv;
    final Tensor dhidden;
    final Tensor dtext;
    final Tensor dcrossScores;

    DecoderActivations(Arena arena, ModelConfig config, BatchShape shape, ActivationCheckpointing checkpointing) {
        DecoderConfig c = config.decoder();
        boolean cross = config.readsText();
        int rows = shape.rows();
        int d = c.width();
        double scale = 1.0 / Math.sqrt(c.headWidth());
        selfAttention =
                new AttentionShape(shape.batch(), c.heads(), shape.steps(), shape.steps(), c.headWidth(), scale);
        crossAttention = cross
                ? new AttentionShape(shape.batch(), c.heads(), shape.steps(), shape.textTokens(), c.headWidth(), scale)
                : null;
        this.shape = shape;
        ids = new int[c.codebooks() + 1][];
        text = cross ? arena.take(shape.textRows(), d) : null;
        x = arena.take(rows, d);
        for (int i = 0; i < c.layers(); i++) {
            boolean shared = checkpointing == ActivationCheckpointing.RECOMPUTED && i > 0;
            blocks.add(shared ? blocks.get(0) : block(arena, c, shape));
            if (checkpointing == ActivationCheckpointing.RECOMPUTED) {
                blockInputs.add(arena.take(rows, d));
            }
        }
        states = Normed.take(arena, rows, d);
        for (int k = 0; k < c.codebooks(); k++) {
            logits.add(arena.take(rows, c.vocabulary()));
        }
        scalars = arena.take(rows, 1);
        dx = arena.take(rows, d);
        dy = arena.take(rows, d);
        dqkv = arena.take(rows, 3 * d);
        dself = thirds(dqkv);
        dattended = arena.take(rows, d);
        dq = cross ? arena.take(rows, d) : null;
        dkv = cross ? arena.take(shape.textRows(), 2 * d) : null;
        dcross = cross ? new AttentionGradients(dq, dkv.columnRange(0, d), dkv.columnRange(d, d)) : null;
        dhidden = arena.take(rows, c.feedForward());
        dtext = cross ? arena.take(shape.textRows(), d) : null;
        dcrossScores = cross ? arena.take(crossAttention.weightRows(), shape.textTokens()) : null;
    }

    /** Input ids of each codebook, then positions; always the same object. Shapes: {@code [K][N]}, result {@code [K + 1][N]} */
    int[][] ids(int[][] inputs) {
        System.arraycopy(inputs, 0, ids, 0, inputs.length);
        if (ids[inputs.length] == null) {
            int[] positions = new int[shape.rows()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = i % shape.steps();
            }
            ids[inputs.length] = positions;
        }
        return ids;
    }

    /** Whose rows they are; made when a tap first asks. */
    DecoderTap.Rows rows() {
        if (rows == null) {
            int[] sequences = new int[shape.rows()];
            Arrays.setAll(sequences, row -> row / shape.steps());
            rows = new DecoderTap.Rows(sequences, ids);
        }
        return rows;
    }

    /** True if a backward pass recomputes every block. */
    boolean isRecomputed() {
        return !blockInputs.isEmpty();
    }

    private Block block(Arena arena, DecoderConfig c, BatchShape shape) {
        int rows = shape.rows();
        int d = c.width();
        Normed selfNorm = Normed.take(arena, rows, d);
        Tensor qkv = arena.take(rows, 3 * d);
        boolean cross = crossAttention != null;
        Tensor crossQ = cross ? arena.take(rows, d) : null;
        Tensor crossKv = cross ? arena.take(shape.textRows(), 2 * d) : null;
        return new Block(
                selfNorm,
                qkv,
                thirds(qkv, null),
                arena.take(selfAttention.weightRows(), 1),
                arena.take(rows, d),
                cross ? Normed.take(arena, rows, d) : null,
                crossQ,
                crossKv,
                cross ? new AttentionInputs(crossQ, crossKv.columnRange(0, d), crossKv.columnRange(d, d), null) : null,
                cross ? arena.take(crossAttention.weightRows(), shape.textTokens()) : null,
                cross ? arena.take(rows, d) : null,
                Normed.take(arena, rows, d),
                arena.take(rows, c.feedForward()),
                arena.take(rows, c.feedForward()));
    }

    /** Queries, keys and values side by side in one matrix. */
    static AttentionInputs thirds(Tensor qkv, Tensor bias) {
        int d = qkv.columns() / 3;
        return new AttentionInputs(qkv.columnRange(0, d), qkv.columnRange(d, d), qkv.columnRange(2 * d, d), bias);
    }

    /** Their gradients, likewise. */
    static AttentionGradients thirds(Tensor dqkv) {
        AttentionInputs parts = thirds(dqkv, null);
        return new AttentionGradients(parts.q(), parts.k(), parts.v());
    }

    /**
     * What a normalisation keeps for its gradient.
     *
     * @param normalised before gain and bias, {@code [N, D]}
     * @param inverseDeviation {@code [N, 1]}
     * @param out the result, {@code [N, D]}
     */
    record Normed(Tensor normalised, Tensor inverseDeviation, Tensor out) {
        static Normed take(Arena arena, int rows, int width) {
            return new Normed(arena.take(rows, width), arena.take(rows, 1), arena.take(rows, width));
        }
    }
}
