package org.encore.model.optimiser;

import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.Parameters;

/** AdamW (Loshchilov and Hutter 2019) on one model, with global-norm clipping. */
public final class AdamW {
    private final Kernels kernels;
    private final Settings settings;
    private final Parameters weights;
    private final MusicTransformer model;
    private Parameters firstMoment;
    private Parameters secondMoment;
    private final List<ParameterLayout.Range> ranges;
    private long step;

    /**
     * Settings of AdamW.
     *
     * @param learningRate learning rate at the peak of the schedule
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment, against division by zero
     * @param weightDecay decoupled decay of matrices other than embeddings; 0 is none
     * @param maxGradNorm gradients of a larger norm are scaled down to it; {@code .inf} disables clipping
     */
    public record Settings(
            double learningRate, double beta1, double beta2, double epsilon, double weightDecay, double maxGradNorm) {
        public Settings {
            require("learningRate", learningRate > 0.0 && learningRate <= 1.0, learningRate, "(0, 1]");
            require("beta1", beta1 >= 0.0 && beta1 < 1.0, beta1, "[0, 1)");
            require("beta2", beta2 >= 0.0 && beta2 < 1.0, beta2, "[0, 1)");
            require("epsilon", epsilon > 0.0 && epsilon < 1.0, epsilon, "(0, 1)");
            require("weightDecay", weightDecay >= 0.0 && weightDecay < 1.0, weightDecay, "[0, 1)");
            require("maxGradNorm", maxGradNorm > 0.0, maxGradNorm, "(0, ∞)");
        }

        /** The usual values for transformers; the learning rate is ours. */
        public static Settings defaults() {
            return new Settings(3e-4, 0.9, 0.95, 1e-8, 0.1, 1.0);
        }

        /** The factor that brings a gradient of a norm down to {@link #maxGradNorm}, if it is larger. */
        public double gradientScale(double norm) {
            return norm > maxGradNorm ? maxGradNorm / norm : 1.0;
        }

        private static void require(String name, boolean holds, double value, String range) {
            if (!holds) {
                throw new IllegalArgumentException(name + " is " + value + ", but must lie in " + range);
            }
        }
    }

    /** Starts with moments of zero, which are allocated by {@link #reserve} or the first update. */
    public AdamW(MusicTransformer model, Settings settings, List<ParameterLayout.Part> trained) {
        this.model = model;
        this.kernels = model.kernels();
        this.settings = settings;
        this.weights = model.trainable();
        this.ranges = weights.layout().ranges().stream()
                .filter(range -> trained.contains(range.part()))
                .toList();
    }

    /** Allocates the moments now, so that a lack of memory shows before a long run. */
    public void reserve() {
        firstMoment();
        secondMoment();
    }

    /** The elements that change, in their order. */
    public List<ParameterLayout.Range> ranges() {
        return ranges;
    }

    /** Updates made so far. */
    public long step() {
        return step;
    }

    public Parameters firstMoment() {
        firstMoment = firstMoment == null ? model.zerosLike() : firstMoment;
        return firstMoment;
    }

    public Parameters secondMoment() {
        secondMoment = secondMoment == null ? model.zerosLike() : secondMoment;
        return secondMoment;
    }

    /** Continues after moments and step were restored. */
    public void restore(long updates) {
        step = updates;
    }

    /** The norm of the trained part of a gradient; NaN or infinite if an element is. */
    public double gradientNorm(Parameters gradient) {
        double sum = 0;
        for (ParameterLayout.Range range : ranges) {
            sum += kernels.sumOfSquares(gradient.range(range));
        }
        return Math.sqrt(sum);
    }

    /**
     * Makes one update.
     *
     * @param gradient the gradient of the loss
     * @param norm its norm, from {@link #gradientNorm}; must be finite
     * @param rateFactor factor of the schedule
     * @throws IllegalArgumentException if the norm is not finite: such a gradient is never applied
     */
    public void update(Parameters gradient, double norm, double rateFactor) {
        if (!Double.isFinite(norm)) {
            throw new IllegalArgumentException("the gradient's norm is " + norm + ", but must be finite");
        }
        step++;
        double scale = settings.gradientScale(norm);
        for (ParameterLayout.Range range : ranges) {
            AdamWStep update = new AdamWStep(
                    settings.learningRate() * rateFactor,
                    settings.beta1(),
                    settings.beta2(),
                    settings.epsilon(),
                    range.decayed() ? settings.weightDecay() : 0.0,
                    step,
                    scale);
            kernels.adamW(
                    update,
                    weights.range(range),
                    gradient.range(range),
                    firstMoment().range(range),
                    secondMoment().range(range));
        }
    }
}
