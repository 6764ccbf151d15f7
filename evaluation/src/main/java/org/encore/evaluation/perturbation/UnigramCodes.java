package org.encore.evaluation.perturbation;

import java.util.random.RandomGenerator;

/** Every code of the window is drawn as often as the pieces of the material have it: the mixture is right, the order not. */
public record UnigramCodes() implements Perturbation {
    @Override
    public String name() {
        return "unigram";
    }

    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        RandomGenerator random = material.random(piece);
        return material.replaced(piece, first, length, (k, f) -> material.drawn(k, random));
    }
}
