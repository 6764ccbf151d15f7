package org.encore.model.kernels;

/** Width of the floating-point numbers a {@link Kernels} computes in. */
public enum Precision {
    /** 32 bits: training and decoding. */
    SINGLE,
    /** 64 bits: finite-difference checks. */
    DOUBLE
}
