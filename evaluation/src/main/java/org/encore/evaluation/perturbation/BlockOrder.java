package org.encore.evaluation.perturbation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which pairs of neighbouring blocks change places. */
public enum BlockOrder {
    /** Every pair from the first frame on: A B C D becomes B A D C. */
    ADJACENT("adjacent-blocks"),
    /** Random pairs of those, until a fifth of the frames has moved, at least one. */
    RANDOM("random-blocks");

    private static final double MOVED_SHARE = 0.2;

    private final String text;

    BlockOrder(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /**
     * First units of the pairs to swap, rising.
     *
     * @param first first unit, of frames or samples
     * @param end first unit that must stay
     * @param length units of a block
     */
    int[] pairs(int first, int end, int length, RandomGenerator random) {
        List<Integer> starts = new ArrayList<>();
        for (int start = first; start + 2 * length <= end; start += 2 * length) {
            starts.add(start);
        }
        if (this == RANDOM) {
            int wanted = Math.max(1, (int) Math.round(MOVED_SHARE * (end - first) / (2.0 * length)));
            while (starts.size() > wanted) {
                starts.remove(random.nextInt(starts.size()));
            }
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }
}
