package org.encore.trainer.kl;

import org.encore.trainer.advantages.ValidSteps;

/**
 * Estimates KL(π ‖ π₀) at a step from the log-probabilities of the sampled action.
 *
 * @paper Schulman 2020, <a href="http://joschu.net/blog/kl-approx.html">Approximating KL divergence</a>
 */
public enum KlEstimator {
    /** {@code log π - log π₀}: unbiased, may be negative, highest variance. */
    K1 {
        @Override
        public double at(double logProb, double referenceLogProb) {
            return logProb - referenceLogProb;
        }
    },

    /** {@code (log π - log π₀)² / 2}: biased, never negative, low variance near the reference. */
    K2 {
        @Override
        public double at(double logProb, double referenceLogProb) {
            double logRatio = logProb - referenceLogProb;
            return logRatio * logRatio / 2.0;
        }
    },

    /** {@code π₀/π - 1 - log(π₀/π)}: unbiased, never negative, grows exponentially where the reference is more probable. */
    K3 {
        @Override
        public double at(double logProb, double referenceLogProb) {
            double logRatio = logProb - referenceLogProb;
            return Math.expm1(-logRatio) + logRatio;
        }
    };

    /**
     * Estimates the KL at one step.
     *
     * @param logProb log-probability of the sampled action under the policy, in nats
     * @param referenceLogProb the same under the reference
     * @return the estimate in nats
     */
    public abstract double at(double logProb, double referenceLogProb);

    /**
     * Estimates the KL at every valid step.
     *
     * @return estimates in nats
     * @shape logProbs, referenceLogProbs and result {@code [B, T]}
     */
    public double[][] perStep(ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
        return steps.table((b, t) -> at(logProbs[b][t], referenceLogProbs[b][t]));
    }

    /**
     * Mean over samples of the estimate for a sequence.
     *
     * @return nats per sequence
     * @shape logProbs and referenceLogProbs {@code [B, T]}
     */
    public double perSequence(ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
        return steps.sum((b, t) -> at(logProbs[b][t], referenceLogProbs[b][t])) / steps.samples();
    }
}
