package org.encore.model.transformer;

/** What of the decoder's blocks a forward pass leaves for its backward pass; the gradients have the same bits either way. */
public enum Storage {
    /** Everything that a gradient reads, of every block. */
    KEPT,
    /**
     * The input of every block; the rest is computed again, block by block, in buffers that the blocks share (Chen et al.
     * 2016). About a third more work, and far less memory for deep models and long sequences.
     */
    RECOMPUTED
}
