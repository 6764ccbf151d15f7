package org.encore.model.decoding;

import java.io.Serializable;

/**
 * Codes and their prompt.
 *
 * @param codes {@code [K][F]}, cut to the valid frames
 * @param prompt the caption
 * @param conditioned false to hide the caption from the model: the null condition of classifier-free guidance
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record CodeSequence(int[][] codes, String prompt, boolean conditioned) implements Serializable {
    /** Codes conditioned on their caption. */
    public static CodeSequence of(int[][] codes, String prompt) {
        return new CodeSequence(codes, prompt, true);
    }
}
