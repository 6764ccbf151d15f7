package org.encore.model.transformer;

import org.encore.model.kernels.Tensor;

/**
 * What a normalisation leaves for its gradient.
 *
 * @param normalised before gain and bias, {@code [N, D]}
 * @param inverseDeviation {@code [N, 1]}
 * @param out the result, {@code [N, D]}
 */
record Normed(Tensor normalised, Tensor inverseDeviation, Tensor out) {
    static Normed take(Arena arena, int rows, int width) {
        return new Normed(arena.take(rows, width), arena.take(rows, 1), arena.take(rows, width));
    }
}
