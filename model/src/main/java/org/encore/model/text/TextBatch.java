package org.encore.model.text;

import java.util.Arrays;

/**
 * Tokenised prompts, padded to one length.
 *
 * @param batch prompts B
 * @param tokens tokens S of each
 * @param ids token ids, {@code [B * S]}
 * @param validity 1 where a token is real, 0 where it is padding, {@code [B * S]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record TextBatch(int batch, int tokens, int[] ids, float[] validity) {
    /** The same prompts without any text: the null condition of classifier-free guidance. */
    public TextBatch withoutText() {
        return new TextBatch(batch, tokens, ids, new float[validity.length]);
    }

    /** Hides one prompt from the model. */
    public void hide(int prompt) {
        Arrays.fill(validity, prompt * tokens, (prompt + 1) * tokens, 0.0f);
    }

    /** This batch followed by another of the same length. */
    public TextBatch followedBy(TextBatch other) {
        if (other.tokens != tokens) {
            throw new IllegalArgumentException("prompts of " + tokens + " and " + other.tokens + " tokens do not mix");
        }
        int[] allIds = Arrays.copyOf(ids, ids.length + other.ids.length);
        System.arraycopy(other.ids, 0, allIds, ids.length, other.ids.length);
        float[] allValidity = Arrays.copyOf(validity, validity.length + other.validity.length);
        System.arraycopy(other.validity, 0, allValidity, validity.length, other.validity.length);
        return new TextBatch(batch + other.batch, tokens, allIds, allValidity);
    }
}
