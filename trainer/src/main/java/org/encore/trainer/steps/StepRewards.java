package org.encore.trainer.steps;

/** Lays rewards out over the steps of their samples. */
public final class StepRewards {
    private StepRewards() {}

    /**
     * Gives the score of each sample to its last valid step: a clip is judged when it is complete.
     *
     * @param steps the batch
     * @param scores score of each sample, finite
     * @shape scores {@code [B]}, result {@code [B, S]}
     */
    public static double[][] atTheEnd(ValidSteps steps, double[] scores) {
        if (scores.length != steps.samples()) {
            throw new IllegalArgumentException(
                    "scores has " + scores.length + " entries, but the batch has " + steps.samples() + " samples");
        }
        return steps.require("scores", steps.table((b, t) -> t == steps.length(b) - 1 ? scores[b] : 0.0));
    }

    /**
     * Adds two tables of rewards, such as terminal scores and a penalty at every step.
     *
     * @shape first, second and result {@code [B, S]}
     */
    public static double[][] sum(ValidSteps steps, double[][] first, double[][] second) {
        return steps.table((b, t) -> first[b][t] + second[b][t]);
    }

    /**
     * Sums the rewards from each step to the last valid one, undiscounted.
     *
     * @shape rewards and result {@code [B, S]}
     * @paper MusicRL: the return-to-go of the policy gradient and of the value loss
     */
    public static double[][] returnsToGo(ValidSteps steps, double[][] rewards) {
        double[][] returns = steps.table((b, t) -> rewards[b][t]);
        for (int b = 0; b < returns.length; b++) {
            for (int t = steps.length(b) - 2; t >= 0; t--) {
                returns[b][t] += returns[b][t + 1];
            }
        }
        return returns;
    }
}
