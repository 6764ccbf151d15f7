package org.encore.evaluation.perturbation;

import java.util.random.RandomGenerator;

/** The window takes the codes that another piece has there: correct music, but not this one. */
public record OtherPiece() implements Perturbation {
    @Override
    public String name() {
        return "other-piece";
    }

    /** Looks for one that is long enough, from a random one on. */
    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        int[][] other = material.piece(other(material, piece, first + length));
        return material.replaced(piece, first, length, (k, f) -> other[k][f]);
    }

    private static int other(Material material, int piece, int frames) {
        if (material.count() < 2) {
            throw new IllegalArgumentException("codes of another piece need at least 2 pieces, but there is 1");
        }
        RandomGenerator random = material.random(piece);
        int start = 1 + random.nextInt(material.count() - 1);
        for (int i = 0; i < material.count() - 1; i++) {
            // Steps through all others, beginning at a random one, without coming back to the piece itself.
            int candidate = (piece + 1 + (start - 1 + i) % (material.count() - 1)) % material.count();
            if (material.piece(candidate)[0].length > frames) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "codes of another piece need one of more than " + frames + " codes, but there is none");
    }
}
