package org.encore.model.transformer;

import java.util.List;
import java.util.Locale;
import org.encore.base.settings.Checks;

/**
 * Low-rank adaptation: a target's matrix becomes {@code W + (alpha / rank) B A}, and only A and B are trained.
 *
 * @param rank rank r of the update: A is {@code [r, in]}, B is {@code [out, r]}
 * @param alpha numerator of the scale {@code alpha / rank}
 * @param targets matrices that are adapted, in self-attention, cross-attention and feed-forward layers of the decoder
 * @param dropout probability with which each element of the input of A is dropped in training, each adapter by itself; 0 in
 *     reinforcement learning, where log-probabilities must be those of generation
 * @paper Hu et al. 2021, LoRA, equation 3, <a href="https://arxiv.org/abs/2106.09685">arXiv 2106.09685</a>
 */
public record LoraSettings(int rank, double alpha, List<Target> targets, double dropout) {
    /** The largest rank; above, full training costs less. */
    private static final int MAX_RANK = 1024;

    /** A matrix by its module's name. */
    public enum Target {
        Q_PROJ,
        K_PROJ,
        V_PROJ,
        OUT_PROJ,
        FC1,
        FC2;

        /** The module's name. */
        public String module() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LoraSettings {
        Checks.within("rank", rank, 1, MAX_RANK);
        if (!(alpha > 0.0 && Double.isFinite(alpha))) {
            throw new IllegalArgumentException("alpha is " + alpha + ", but must be above 0");
        }
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets is empty, but must name at least one of q_proj, k_proj, v_proj, out_proj, fc1 and fc2");
        }
        if (!(dropout >= 0.0 && dropout < 1.0)) {
            throw new IllegalArgumentException("dropout is " + dropout + ", but must lie in [0, 1)");
        }
    }

    /** Without dropout. */
    public LoraSettings(int rank, double alpha, List<Target> targets) {
        this(rank, alpha, targets, 0.0);
    }

    /** Rank 16 and alpha 32 on queries and values, as in the paper; the rank is ours. */
    public static LoraSettings defaults() {
        return new LoraSettings(16, 32.0, List.of(Target.Q_PROJ, Target.V_PROJ));
    }

    /** Factor of {@code B A}. */
    public double scale() {
        return alpha / rank;
    }
}
