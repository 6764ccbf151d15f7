package org.encore.model.transformer;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * Reads and changes what a decoder computes, layer by layer, in a pass over known codes or in a step of generation.
 *
 * <p>What a tap adds at a step reaches later steps through their keys and values, with and without a cache alike. A pass that a tap changed has no gradient: attention would take the changed outputs for its own.
 *
 * <p>With classifier-free guidance a tap sees the sequences of the null branch behind those of the text branch, so it decides whether to change both.
 */
public interface DecoderTap {
    /** Does nothing. */
    DecoderTap NONE = new DecoderTap() {};

    /**
     * The outputs of a layer's self-attention heads, side by side, before the output projection.
     *
     * @param attended {@code [N, D]}, of which head h has the columns {@code [h * headWidth, (h + 1) * headWidth)}; may be changed, not kept
     */
    default void heads(int layer, Rows rows, Tensor attended) {}

    /**
     * The residual stream behind a layer.
     *
     * @param states {@code [N, D]}; may be changed, not kept
     */
    default void states(int layer, Rows rows, Tensor states) {}

    /**
     * Whose rows they are; must not be kept or changed.
     *
     * @param sequences in a pass the number of each row's sequence in the batch, in generation its slot, {@code [N]}
     * @param ids input id of each row in each codebook, then the row's position, {@code [K + 1][N]}
     */
    @SuppressWarnings("ArrayRecordComponent") // lives as long as the buffers it describes
    record Rows(int[] sequences, int[][] ids) {
        /** Step of each row in its sequence, from 0. Shapes: {@code [N]} */
        public int[] positions() {
            return ids[ids.length - 1];
        }

        /** Input id of each row in a codebook. Shapes: {@code [N]} */
        public int[] inputs(int codebook) {
            return ids[codebook];
        }

        /** Number of rows. */
        public int count() {
            return sequences.length;
        }
    }

    /** Adds one vector to one head at every step from some step on. */
    final class HeadShift implements DecoderTap {
        private final Kernels kernels;
        private final int layer;
        private final int head;
        private final int from;
        private final Tensor vector;

        /**
         * Allocates.
         *
         * @param from first step, from 0
         * @param vector one head wide
         */
        public HeadShift(Kernels kernels, int layer, int head, int from, float[] vector) {
            this.kernels = kernels;
            this.layer = layer;
            this.head = head;
            this.from = from;
            this.vector = kernels.allocate(1, vector.length);
            kernels.write(this.vector, vector);
        }

        @Override
        public void heads(int tapped, Rows rows, Tensor attended) {
            if (tapped != layer) {
                return;
            }
            int width = vector.columns();
            for (int row = 0; row < rows.count(); row++) {
                if (rows.positions()[row] >= from) {
                    kernels.add(vector, attended.view(row, head * width, 1, width));
                }
            }
        }
    }
}
