package org.encore.trainer.credit;

import org.encore.trainer.steps.StepRewards;

/**
 * Takes the return that followed a step minus the value that was expected before it.
 *
 * <p>{@code A_t = Σ_{i≥t} r_i - V(s_t)}: no discount, no bootstrapping.
 *
 * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record ValueBaseline() implements AdvantageEstimator {
    /** The only value. */
    public static ValueBaseline defaults() {
        return new ValueBaseline();
    }

    @Override
    public boolean needsValues() {
        return true;
    }

    @Override
    public int fewestSamplesPerPrompt() {
        return 1;
    }

    @Override
    public Credit estimate(Episodes episodes) {
        double[][] values = episodes.values();
        double[][] returns = StepRewards.returnsToGo(episodes.steps(), episodes.rewards());
        return new Credit(episodes.steps().table((b, t) -> returns[b][t] - values[b][t]), returns);
    }
}
