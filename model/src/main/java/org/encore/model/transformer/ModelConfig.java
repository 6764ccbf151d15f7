package org.encore.model.transformer;

import java.util.Optional;

/**
 * Sizes of the whole model.
 *
 * @param text the text encoder; without one the decoder has no cross-attention either, and reads codes alone
 * @param decoder the decoder
 * @param head what the decoder's states are turned into
 */
public record ModelConfig(Optional<TextEncoderConfig> text, DecoderConfig decoder, Head head) {
    /** What sits on top of the decoder. */
    public enum Head {
        /** K rows of logits a step: the policy. */
        CODES,
        /** One number a step: the value network, and rewards learned from preferences. */
        SCALAR
    }

    /** A model that reads text. */
    public ModelConfig(TextEncoderConfig text, DecoderConfig decoder, Head head) {
        this(Optional.of(text), decoder, head);
    }

    /** A decoder without text encoder and cross-attention. */
    public static ModelConfig withoutText(DecoderConfig decoder, Head head) {
        return new ModelConfig(Optional.empty(), decoder, head);
    }

    /** Whether the model reads text. */
    public boolean readsText() {
        return text.isPresent();
    }

    /** The same trunk under another head. */
    public ModelConfig withHead(Head newHead) {
        return new ModelConfig(text, decoder, newHead);
    }
}
