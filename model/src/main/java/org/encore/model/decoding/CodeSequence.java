package org.encore.model.decoding;

/**
 * Codes and the prompt they belong to.
 *
 * @param codes {@code [K][F]}, cut to the frames that count
 * @param prompt the caption
 * @param conditioned false to hide the caption from the model: the null condition of classifier-free guidance
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record CodeSequence(int[][] codes, String prompt, boolean conditioned) {
    /** Codes under their caption. */
    public static CodeSequence of(int[][] codes, String prompt) {
        return new CodeSequence(codes, prompt, true);
    }
}
