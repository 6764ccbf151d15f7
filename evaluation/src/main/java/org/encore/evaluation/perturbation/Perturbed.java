package org.encore.evaluation.perturbation;

/**
 * Codes of which one stretch is damaged.
 *
 * @param codes {@code [K][F]}, as many frames as the clean piece
 * @param first first frame that may differ
 * @param end first frame after those that may differ
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Perturbed(int[][] codes, int first, int end) {
    /** A copy of codes to write into. */
    static int[][] copy(int[][] codes) {
        int[][] copy = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            copy[k] = codes[k].clone();
        }
        return copy;
    }
}
