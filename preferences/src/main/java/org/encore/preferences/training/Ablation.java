package org.encore.preferences.training;

import java.util.List;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.ClipReading.Caption;

/** What a network is worth without one thing at a time, after figure 6 of the paper: all learn alike and as long. */
public final class Ablation {
    private static final double[] SECONDS = {10.0, 5.0};

    private Ablation() {}

    /**
     * A network with something left out.
     *
     * @param name fit for a directory
     * @param description in a few words
     * @param network how it is trained
     */
    public record Variant(String name, String description, Network network) {}

    /** The network itself, and what is compared with it. */
    public static List<Variant> of(Network full) {
        ClipReading reading = full.reading();
        return List.of(
                new Variant("full", "from the policy, caption and clip", full),
                new Variant("scratch", "from scratch, caption and clip", full.started(PreferenceLearner.Start.SCRATCH)),
                new Variant(
                        "no-caption",
                        "from the policy, clip alone",
                        full.reading(new ClipReading(Caption.HIDDEN, reading.seconds()))),
                cropped(full, SECONDS[0]),
                cropped(full, SECONDS[1]));
    }

    private static Variant cropped(Network full, double seconds) {
        long whole = Math.round(seconds);
        return new Variant(
                "first-" + whole + "-s",
                "from the policy, caption and the first " + whole + " s",
                full.reading(new ClipReading(full.reading().caption(), seconds)));
    }
}
