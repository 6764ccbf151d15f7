package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/** What a policy objective is computed from; checked when it is made. */
public final class PolicyBatch {
    private final ValidSteps steps;
    private final double[][] logProbs;
    private final double[][] behaviourLogProbs;
    private final double[][] advantages;

    /**
     * Takes the tables without copying.
     *
     * @param steps which entries are valid
     * @param logProbs log-probability of the sampled actions under the policy being improved, in nats
     * @param behaviourLogProbs the same under the policy that sampled; equal before the first update
     * @param advantages how much better than expected the actions were, in units of reward
     * @shape logProbs, behaviourLogProbs and advantages {@code [B, S]}
     */
    public PolicyBatch(ValidSteps steps, double[][] logProbs, double[][] behaviourLogProbs, double[][] advantages) {
        this.steps = steps;
        this.logProbs = steps.require("logProbs", logProbs);
        this.behaviourLogProbs = steps.require("behaviourLogProbs", behaviourLogProbs);
        this.advantages = steps.require("advantages", advantages);
    }

    ValidSteps steps() {
        return steps;
    }

    double[][] logProbs() {
        return logProbs;
    }

    double[][] advantages() {
        return advantages;
    }

    /** Log of the ratio of the policy's probability to that of the policy which sampled. */
    double logRatio(int b, int t) {
        return logProbs[b][t] - behaviourLogProbs[b][t];
    }

    /** The ratio itself. */
    double ratio(int b, int t) {
        return Math.exp(logRatio(b, t));
    }
}
