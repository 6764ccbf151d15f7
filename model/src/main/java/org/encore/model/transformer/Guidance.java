package org.encore.model.transformer;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * Classifier-free guidance on the logits of both branches: the first half of the rows has the text, the second hides it.
 *
 * @paper Ho and Salimans 2022, equation 6, <a href="https://arxiv.org/abs/2207.12598">arXiv 2207.12598</a>
 */
final class Guidance {
    private Guidance() {}

    /** The first half becomes {@code null + s (text - null)}; the second is used up. Shapes: logits {@code [2N, V]} */
    static void combine(Kernels kernels, Tensor logits, double scale) {
        kernels.scale(guided(logits), scale);
        kernels.scale(hidden(logits), 1.0 - scale);
        kernels.add(hidden(logits), guided(logits));
    }

    /** Turns the gradient in the first half into that of both branches. */
    static void gradient(Kernels kernels, Tensor logits, double scale) {
        kernels.copy(guided(logits), hidden(logits));
        kernels.scale(guided(logits), scale);
        kernels.scale(hidden(logits), 1.0 - scale);
    }

    /** The rows of the guided model. */
    static Tensor guided(Tensor logits) {
        return logits.rowRange(0, logits.rows() / 2);
    }

    private static Tensor hidden(Tensor logits) {
        return logits.rowRange(logits.rows() / 2, logits.rows() / 2);
    }
}
