package org.encore.model.transformer;

import java.util.Arrays;
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
 * @param textStates text at the decoder's width in place of what the text encoder would give for the ids, {@code [B * S * D]};
 *     empty for the text encoder's. Such a pass has no gradient of the text encoder
 * @param adapterDropout dropout of the input of each low-rank adapter in training; without adapters it does nothing
 * @param guidanceScale s of classifier-free guidance: the logits are {@code null + s (text - null)}, where the null branch
 *     hides the text; 1 for none. A guided pass needs {@link Activations} of twice the sequences
 * @paper Ho and Salimans 2022, equation 6
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record ModelBatch(
        BatchShape shape,
        int[] textIds,
        float[] textValidity,
        int[][] inputs,
        float[] textStates,
        Dropout dropout,
        Dropout adapterDropout,
        double guidanceScale) {
    private static final float[] NO_STATES = new float[0];

    public ModelBatch {
        requireLength("textIds", textIds.length, shape.textRows());
        requireLength("textValidity", textValidity.length, shape.textRows());
        for (int[] codebook : inputs) {
            requireLength("inputs", codebook.length, shape.rows());
        }
    }

    /** A pass without dropout and guidance. */
    public ModelBatch(BatchShape shape, int[] textIds, float[] textValidity, int[][] inputs) {
        this(shape, textIds, textValidity, inputs, NO_STATES, Dropout.none(), Dropout.none(), 1.0);
    }

    /** The same pass with dropout. */
    public ModelBatch with(Dropout pattern, Dropout ofAdapters) {
        return new ModelBatch(shape, textIds, textValidity, inputs, textStates, pattern, ofAdapters, guidanceScale);
    }

    /** The same pass with guidance. */
    public ModelBatch guided(double scale) {
        return new ModelBatch(shape, textIds, textValidity, inputs, textStates, dropout, adapterDropout, scale);
    }

    /** The same pass with text states of one's own. */
    public ModelBatch withTextStates(float[] states) {
        return new ModelBatch(shape, textIds, textValidity, inputs, states, dropout, adapterDropout, guidanceScale);
    }

    boolean isGuided() {
        return guidanceScale != 1.0;
    }

    /** Both branches as one pass: the sequences with their text, then the same without; this pass itself without guidance. */
    ModelBatch branches() {
        if (!isGuided()) {
            return this;
        }
        int[][] twice = new int[inputs.length][];
        for (int k = 0; k < inputs.length; k++) {
            twice[k] = twice(inputs[k]);
        }
        float[] validity = Arrays.copyOf(textValidity, 2 * textValidity.length);
        return new ModelBatch(shape.twice(), twice(textIds), validity, twice, NO_STATES, dropout, adapterDropout, 1.0);
    }

    private static int[] twice(int[] values) {
        int[] result = Arrays.copyOf(values, 2 * values.length);
        System.arraycopy(values, 0, result, values.length, values.length);
        return result;
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

        /** The shape of a guided pass over these sequences. */
        public BatchShape twice() {
            return new BatchShape(Math.multiplyExact(2, batch), steps, textTokens);
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
