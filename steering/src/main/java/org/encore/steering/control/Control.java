package org.encore.steering.control;

import org.encore.base.settings.Checks;

/**
 * How a trait is added.
 *
 * <p>At a steered step, {@code strength * w * sigma * theta} is added to each chosen head before the output projection, or to the residual stream behind each layer: theta is the direction, of length 1, sigma the standard deviation of the training clips' projections on it.
 *
 * @param places where it is added and with which weights w
 * @param topK heads that {@code top-heads} adds to
 * @param strength alpha; 5 in SMITIN, 15 in ITI; 0 changes nothing
 * @param every s: one of so many steps is steered
 * @param direction the direction theta
 * @param monitor whether to stop while the trait is there, and to push less the nearer it is
 * @param monitorHeads the most accurate heads whose median probability is watched; the paper takes 16 of 1536, we at most a quarter of a model's heads
 * @param decay delta: where the watched probability is C, the strength is {@code strength * (1 - delta * C)}; the paper gives no value
 * @param branches with classifier-free guidance, which branches are changed
 * @paper Koo et al. 2025, SMITIN; Li et al. 2023, ITI
 */
public record Control(
        Places places,
        int topK,
        double strength,
        int every,
        Direction direction,
        boolean monitor,
        int monitorHeads,
        double decay,
        Branches branches) {
    /** Where steering adds. */
    public enum Places {
        /** To every head, with the weight {@code ((acc - min) / (max - min))³} of its probe's accuracy (SMITIN). */
        ALL_HEADS,
        /** To the most accurate heads, all with weight 1 (ITI). */
        TOP_HEADS,
        /** To the residual stream behind every layer, with weight 1, by probes on whole layers; after MusicRFM, whose probes are kernel machines and not linear. */
        LAYERS
    }

    /** A direction in the outputs of a head or layer. */
    public enum Direction {
        /** The weights of the probe. */
        PROBE,
        /** The mean of clips with the trait minus that of clips without. */
        MEAN_DIFFERENCE
    }

    /** Branches of classifier-free guidance. */
    public enum Branches {
        /** Text and null branch: guidance does not amplify the change. */
        BOTH,
        /** The branch with the text alone: guidance multiplies the change by its scale. */
        TEXT
    }

    public Control {
        Checks.atLeast("topK", topK, 1);
        Checks.within("strength", strength, 0.0, 1000.0);
        Checks.atLeast("every", every, 1);
        Checks.atLeast("monitorHeads", monitorHeads, 1);
        Checks.within("decay", decay, 0.0, 1.0);
    }

    /** SMITIN at strength 5, every fifth step; along the difference of means, which adds traits more often here (ours). */
    public static Control defaults() {
        return new Control(Places.ALL_HEADS, 48, 5.0, 5, Direction.MEAN_DIFFERENCE, true, 16, 0.5, Branches.BOTH);
    }

    /** The same with another strength. */
    public Control with(double otherStrength) {
        return new Control(places, topK, otherStrength, every, direction, monitor, monitorHeads, decay, branches);
    }

    /** The same without a monitor, or with one. */
    public Control monitored(boolean watched) {
        return new Control(places, topK, strength, every, direction, watched, monitorHeads, decay, branches);
    }

    /** Plain inference-time intervention: the K most accurate heads, a fixed strength, every step, no monitor. */
    public Control iti(int heads, double fixedStrength) {
        return new Control(Places.TOP_HEADS, heads, fixedStrength, 1, direction, false, monitorHeads, decay, branches);
    }

    /** After MusicRFM: whole layers along their probes, a fixed strength, every step, no monitor. */
    public Control layers(double fixedStrength) {
        return new Control(
                Places.LAYERS, topK, fixedStrength, 1, Direction.PROBE, false, monitorHeads, decay, branches);
    }
}
