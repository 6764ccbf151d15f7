package org.encore.evaluation.perturbation;

/**
 * Neighbouring blocks of codes change places; the last code stays where it is.
 *
 * @param order which blocks
 */
public record ShuffledBlocks(BlockOrder order) implements Perturbation {
    @Override
    public String name() {
        return order.text();
    }

    @Override
    public boolean isNoise() {
        return false;
    }

    @Override
    public int framesNeeded(int length) {
        return 2 * length + 1;
    }

    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        material.requireRoom(piece, first, length, framesNeeded(length));
        int[][] codes = Perturbed.copy(material.piece(piece));
        int last = codes[0].length - 1;
        int[] pairs = order.pairs(first, last, length, material.random(piece));
        for (int start : pairs) {
            for (int[] row : codes) {
                int[] block = new int[length];
                System.arraycopy(row, start, block, 0, length);
                System.arraycopy(row, start + length, row, start, length);
                System.arraycopy(block, 0, row, start + length, length);
            }
        }
        return new Perturbed(codes, pairs[0], pairs[pairs.length - 1] + 2 * length);
    }
}
