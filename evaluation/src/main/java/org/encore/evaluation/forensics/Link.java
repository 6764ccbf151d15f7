package org.encore.evaluation.forensics;

import org.encore.evaluation.statistics.Interval;

/**
 * How a reward and another figure went together in a run.
 *
 * @param figure the name of the other figure
 * @param spearman rank correlation over all samples
 * @param change of the figure from the start to the end of the run
 * @param explained share of the reward's gain that the change of the figure predicts: the slope of the reward over the
 *     figure within iterations, times the change, over the gain; NaN where there is no gain
 */
public record Link(String figure, Interval spearman, Interval change, Interval explained) {
    /** Share of the gain above which a confounder is said to explain it. */
    public static final double MOST = 0.5;

    /** Whether the figure predicts more than half of the gain, all of the interval being above that. */
    public boolean explainsTheGain() {
        return explained.isAbove(MOST);
    }
}
