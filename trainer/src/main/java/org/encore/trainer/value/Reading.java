package org.encore.trainer.value;

import java.util.Arrays;

/**
 * What a {@link ReaderNetwork} reads of one piece.
 *
 * @param inputs the codes that the model reads at each step, those of the step before: {@code [K][T]}
 * @param logRatios of the codes of each step: their log-probability with the prompt minus that without it, in nats, {@code [T]}
 * @param scores scores of the beginnings of {@code every}, {@code 2 · every} … frames; NaN where the rewards abstained
 * @param every frames from one scored beginning to the next, at least 1
 * @param delay steps that a frame takes beyond its own, K - 1 in the delay pattern of mono sound
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Reading(int[][] inputs, float[] logRatios, float[] scores, int every, int delay) {
    /** T, the number of steps. */
    public int steps() {
        return logRatios.length;
    }

    /** How many scored beginnings are complete before a step, so that its value may read their scores. */
    int known(int step) {
        return Math.min(Math.max(step - delay, 0) / every, scores.length);
    }

    /** The same piece up to a number of steps, as if nothing followed. */
    Reading until(int count) {
        return new Reading(
                Arrays.stream(inputs).map(each -> Arrays.copyOf(each, count)).toArray(int[][]::new),
                Arrays.copyOf(logRatios, count),
                Arrays.copyOf(scores, known(count)),
                every,
                delay);
    }
}
