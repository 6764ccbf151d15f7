package org.encore.trainer.credit;

import org.encore.trainer.steps.ValidSteps;

/**
 * Mixes returns of every horizon: generalised advantage estimation.
 *
 * <p>{@code A_t = Σ_l (γλ)^l δ_{t+l}} with {@code δ_t = r_t + γ V_{t+1} - V_t}; after the last valid step the value is
 * 0. Returns are {@code A + V}. With γ = λ = 1 it is {@link ValueBaseline}.
 *
 * @param gamma discount of a reward per step, in [0, 1]; 1 lets the terminal score reach the first step undiminished
 * @param lambda trust in observed rewards over values, in [0, 1]; 1 is the Monte-Carlo return (no bias, most variance),
 *     0 looks one step ahead (least variance, all the bias of the values)
 * @paper Schulman et al. 2016, equation 16, <a href="https://arxiv.org/abs/1506.02438">arXiv 1506.02438</a>
 */
public record Gae(double gamma, double lambda) implements AdvantageEstimator {
    public Gae {
        requireShare("gamma", gamma);
        requireShare("lambda", lambda);
    }

    /** No discount, and the λ that is customary when language models are tuned (Ziegler et al. 2019, in their code). */
    public static Gae defaults() {
        return new Gae(1.0, 0.95);
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
        ValidSteps steps = episodes.steps();
        double[][] rewards = episodes.rewards();
        double[][] values = episodes.values();
        double[][] advantages = steps.table((b, t) -> 0.0);
        for (int b = 0; b < steps.samples(); b++) {
            double valueAfter = 0.0;
            double advantageAfter = 0.0;
            for (int t = steps.length(b) - 1; t >= 0; t--) {
                double surprise = rewards[b][t] + gamma * valueAfter - values[b][t];
                advantageAfter = surprise + gamma * lambda * advantageAfter;
                advantages[b][t] = advantageAfter;
                valueAfter = values[b][t];
            }
        }
        return new Credit(advantages, steps.table((b, t) -> advantages[b][t] + values[b][t]));
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0.0 && value <= 1.0)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [0, 1]");
        }
    }
}
