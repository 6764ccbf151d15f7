package org.encore.model.transformer;

import org.encore.model.kernels.Dropout;
import org.encore.model.transformer.ModelConfig.Sizes;

/**
 * The inputs of one pass. Rows are sequence by sequence; padding may hold any valid id.
 *
 * @param shape sizes
 * @param textIds token ids, {@code [B * S]}
 * @param textValidity 1 where a text token is real, 0 where it is padding; all zeros mean no text, and cross-attention adds nothing, {@code [B * S]}; models without text ignore both
 * @param inputs input id of each codebook and row, {@code [K][B * T]}
 * @param dropout dropout of the decoder in training; the same in the backward and forward pass
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record ModelBatch(BatchShape shape, int[] textIds, float[] textValidity, int[][] inputs, Dropout dropout) {
    public ModelBatch {
        requireLength("textIds", textIds.length, shape.textRows());
        requireLength("textValidity", textValidity.length, shape.textRows());
        for (int[] codebook : inputs) {
            requireLength("inputs", codebook.length, shape.rows());
        }
    }

    /** A pass without dropout. */
    public ModelBatch(BatchShape shape, int[] textIds, float[] textValidity, int[][] inputs) {
        this(shape, textIds, textValidity, inputs, Dropout.none());
    }

    /** The same pass with dropout. */
    public ModelBatch with(Dropout pattern) {
        return new ModelBatch(shape, textIds, textValidity, inputs, pattern);
    }

    private static void requireLength(String name, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(name + " has " + length + " entries, but must have " + expected);
        }
    }

    /**
     * The sizes of one pass.
     *
     * @param batch sequences B
     * @param steps steps T of each
     * @param textTokens text tokens S of each; 0 only for models that read no text
     */
    public record BatchShape(int batch, int steps, int textTokens) {
        public BatchShape {
            Sizes.requirePositive("batch", batch);
            Sizes.requirePositive("steps", steps);
            if (textTokens < 0) {
                throw new IllegalArgumentException("textTokens is " + textTokens + ", but must be at least 0");
            }
        }

        /** Rows of an activation of the decoder. */
        public int rows() {
            return Math.multiplyExact(batch, steps);
        }

        /** Rows of an activation of the text encoder. */
        public int textRows() {
            return Math.multiplyExact(batch, textTokens);
        }
    }
}
