package org.encore.model.transformer;

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
