package org.encore.model.kernels;

/** Pointwise non-linearities. */
public enum Activation {
    /** Gaussian error linear unit, exact: {@code x Φ(x)} (Hendrycks and Gimpel 2016). */
    GELU,
    /** Its tanh approximation. */
    GELU_TANH,
    /** {@code max(x, 0)}; the derivative at 0 is 0. */
    RELU
}
