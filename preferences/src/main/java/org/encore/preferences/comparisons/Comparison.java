package org.encore.preferences.comparisons;

/**
 * One vote on two numbered clips.
 *
 * @param a number of clip a
 * @param b number of clip b
 * @param outcome 1 if a was preferred, -1 if b, 0 for a tie
 * @param rater who voted
 */
public record Comparison(int a, int b, int outcome, String rater) {
    /** Whether one clip was preferred. */
    public boolean isStrict() {
        return outcome != 0;
    }
}
