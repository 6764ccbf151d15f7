package org.encore.steering.probes;

import org.encore.base.settings.Checks;

/**
 * Clips that probes are fitted on. Of the études, those of training and selection are of the training part, with numbers that no shipped model was trained on; the others are of held-out combinations.
 *
 * @param seconds length of a clip
 * @param training pairs of clips with and without the trait to fit on
 * @param selection pairs for the accuracies that weigh heads and set thresholds; none of their pieces was fitted on
 * @param heldOut pairs for the accuracies that are reported; none of their pieces was used before
 * @param l2 strength of the penalty on the weights, for standardised outputs, above 0
 * @param tail directions and weights of heads are of clips of notes that end at up to this many codes before their last, drawn uniformly, so that they know every kind of code and not only the last of a note; 0: of the same clips as the probes that the monitor reads, as for sound
 */
public record ProbeSettings(double seconds, int training, int selection, int heldOut, double l2, int tail) {
    public ProbeSettings {
        Checks.openInterval("seconds", seconds, 0.0, 60.0);
        Checks.atLeast("training", training, 2);
        Checks.atLeast("selection", selection, 2);
        Checks.atLeast("heldOut", heldOut, 2);
        Checks.openInterval("l2", l2, 0.0, 1e6);
        Checks.atLeast("tail", tail, 0);
    }

    /** Clips of 3 seconds, as in the paper; directions of every kind of code of a note (ours). */
    public static ProbeSettings defaults() {
        return new ProbeSettings(3.0, 1000, 400, 400, 10.0, 4);
    }
}
