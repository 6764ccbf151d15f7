package org.encore.model.kernels;

/** How decoding keeps the numbers that it reads again at every step: packed weights, keys and values. */
public enum Packing {
    /** In 32 bits. */
    FULL,
    /**
     * In 16 bits, as integers with one scale for each row of a matrix, each head's key and each head's value of a step: half the
     * memory to read, and an error of at most 2^-16 of the largest number that shares the scale. Sums are in 32 bits.
     */
    HALF
}
