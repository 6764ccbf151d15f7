package org.encore.model.transformer;

/**
 * Sizes of the whole model.
 *
 * @param text the text encoder
 * @param decoder the decoder
 * @param head what the decoder's states are turned into
 */
public record ModelConfig(TextEncoderConfig text, DecoderConfig decoder, Head head) {
    /** What sits on top of the decoder. */
    public enum Head {
        /** K rows of logits a step: the policy. */
        CODES,
        /** One number a step: the value network, and rewards learned from preferences. */
        SCALAR
    }

    /** The same trunk under another head. */
    public ModelConfig withHead(Head newHead) {
        return new ModelConfig(text, decoder, newHead);
    }
}
