package org.encore.model.kernels;

/**
 * The sizes of one multi-head attention.
 *
 * @param batch sequences B
 * @param heads heads H; head h uses the columns {@code [h * headWidth, (h + 1) * headWidth)} of queries, keys and values
 * @param queries query steps a sequence
 * @param keys key steps a sequence
 * @param headWidth width of a head
 * @param scale factor on the products of queries and keys
 */
public record AttentionShape(int batch, int heads, int queries, int keys, int headWidth, double scale) {
    public AttentionShape {
        if (batch < 1 || heads < 1 || queries < 1 || keys < 1 || headWidth < 1) {
            throw new IllegalArgumentException(
                    "every size of an attention must be at least 1, but they are batch " + batch + ", heads " + heads
                            + ", queries " + queries + ", keys " + keys + ", headWidth " + headWidth);
        }
    }

    /** Rows of the matrix {@code [B * H * queries, keys]} that keeps the attention weights for the backward pass. */
    public int weightRows() {
        return batch * heads * queries;
    }
}
