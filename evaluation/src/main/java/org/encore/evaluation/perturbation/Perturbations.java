package org.encore.evaluation.perturbation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.music.audio.NoiseColour;

/** All perturbations by name. */
public final class Perturbations {
    private Perturbations() {}

    /** Every perturbation; those that are noise in the waveform at the given level. */
    public static List<Perturbation> all(double levelDecibels) {
        List<Perturbation> all = new ArrayList<>(List.of(new UniformCodes(), new UnigramCodes(), new OtherPiece()));
        for (BlockOrder order : BlockOrder.values()) {
            all.add(new ShuffledBlocks(order));
        }
        for (NoiseColour colour : NoiseColour.values()) {
            all.add(new WaveformNoise(colour, levelDecibels));
        }
        for (BlockOrder order : BlockOrder.values()) {
            all.add(new WaveformShuffle(order));
        }
        return List.copyOf(all);
    }

    /**
     * The perturbation of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Perturbation named(String name, double levelDecibels) {
        List<Perturbation> all = all(levelDecibels);
        return all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("perturbation is \"" + name + "\", but must be one of "
                        + String.join(", ", all.stream().map(Perturbation::name).toList())));
    }

    static String text(NoiseColour colour) {
        return colour.name().toLowerCase(Locale.ROOT);
    }
}
