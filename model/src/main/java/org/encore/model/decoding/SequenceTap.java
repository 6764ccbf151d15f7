package org.encore.model.decoding;

import org.encore.model.transformer.DecoderTap;

/**
 * A tap on a {@link Generator}, told which sequence is in which slot. With guidance and a batch of B, slot {@code B + s} is the null branch of slot s.
 */
public interface SequenceTap extends DecoderTap {
    /** Does nothing. */
    SequenceTap NONE = new SequenceTap() {};

    /**
     * A sequence begins, at position 0.
     *
     * @param slot its slot; its predecessor there has ended
     * @param index of its {@link PromptQueue.Item}
     */
    default void start(int slot, int index) {}
}
