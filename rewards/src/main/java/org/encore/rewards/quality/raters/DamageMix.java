package org.encore.rewards.quality.raters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradations;

/**
 * How often clips have how many flaws; which ones, and how strong, is drawn evenly.
 *
 * @param clean share without a flaw
 * @param single share with one
 * @param pair share with two; what is left has three
 */
public record DamageMix(double clean, double single, double pair) {
    public DamageMix {
        if (!(clean >= 0.0 && single >= 0.0 && pair >= 0.0 && clean + single + pair <= 1.0)) {
            throw new IllegalArgumentException("clean is " + clean + ", single " + single + " and pair " + pair
                    + ", but none may be negative and their sum not above 1");
        }
    }

    /** A sixth as composed, half with one flaw, a quarter with two, the rest with three: our choice. */
    public static DamageMix defaults() {
        return new DamageMix(0.17, 0.5, 0.25);
    }

    /** Draws what is wrong with a clip. */
    Damage draw(RandomGenerator random) {
        double place = random.nextDouble();
        int flaws = place < clean ? 0 : place < clean + single ? 1 : place < clean + single + pair ? 2 : 3;
        List<Degradation> kinds = new ArrayList<>(Degradations.all());
        Map<Degradation, Double> strengths = new LinkedHashMap<>();
        for (int i = 0; i < flaws; i++) {
            strengths.put(kinds.remove(random.nextInt(kinds.size())), random.nextDouble());
        }
        return new Damage(strengths);
    }
}
