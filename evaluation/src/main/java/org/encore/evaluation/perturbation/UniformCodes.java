package org.encore.evaluation.perturbation;

import java.util.random.RandomGenerator;

/** Every code of the window is drawn from the whole vocabulary, all alike: typed events lose their grammar. */
public record UniformCodes() implements Perturbation {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        RandomGenerator random = material.random(piece);
        int cardinality = material.codec().cardinality();
        return material.replaced(piece, first, length, (k, f) -> random.nextInt(cardinality));
    }
}
