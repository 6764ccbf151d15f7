package org.encore.model.decoding;

import org.encore.model.kernels.Kernels;
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
     * @param item what is generated; with a prefix of P frames, position P is the first whose codes the model chooses
     */
    default void start(int slot, PromptQueue.Item item) {}

    /** Makes a tap for each generator of several. */
    @FunctionalInterface
    interface Source {
        /** No taps. */
        Source NONE = (kernels, batch) -> SequenceTap.NONE;

        /**
         * A tap for one generator and one thread.
         *
         * @param kernels those of the generator
         * @param batch its batch B
         */
        SequenceTap open(Kernels kernels, int batch);
    }
}
