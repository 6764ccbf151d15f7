package org.encore.rewards.quality;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.music.degradation.AcousticDegradation.Clipping;
import org.encore.music.degradation.AcousticDegradation.Dropouts;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.AcousticDegradation.Wow;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.MusicalDegradation.Clutter;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.music.degradation.MusicalDegradation.StuckLoop;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;

/**
 * What a damaged clip is worth to a listener: {@code 1 + (c - 1) Π (1 - d s^e)} over its degradations of strength s.
 *
 * <p>The form and all numbers are our choice; nobody was asked. Several flaws at once cost less than their sum, and none
 * takes an opinion below 1.
 *
 * @param clean c, the opinion of a clip that nothing was done to, in (1, 5]
 * @param penalties d and e of each degradation
 */
public record OpinionCurve(double clean, Map<Degradation, Penalty> penalties) {
    /** The worst opinion. */
    public static final double WORST = 1.0;

    /** The best opinion. */
    public static final double BEST = 5.0;

    /**
     * What one degradation costs.
     *
     * @param depth d, the share of the way to the worst opinion at strength 1, in (0, 1]
     * @param exponent e; below 1 a little damage costs much already, above 1 listeners forgive it
     */
    public record Penalty(double depth, double exponent) {
        public Penalty {
            if (!(depth > 0.0 && depth <= 1.0 && exponent > 0.0 && exponent < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("depth is " + depth + " and exponent is " + exponent
                        + ", but depth must lie in (0, 1] and exponent be above 0 and finite");
            }
        }

        double left(double strength) {
            return 1.0 - depth * Math.pow(strength, exponent);
        }
    }

    public OpinionCurve {
        if (!(clean > WORST && clean <= BEST)) {
            throw new IllegalArgumentException("clean is " + clean + ", but must lie in (1, 5]");
        }
        penalties = Collections.unmodifiableMap(new LinkedHashMap<>(penalties));
    }

    /** The curve that the shipped estimator learned from. */
    public static OpinionCurve standard() {
        Map<Degradation, Penalty> penalties = new LinkedHashMap<>();
        penalties.put(new WrongNotes(), new Penalty(0.85, 0.7));
        penalties.put(new StuckLoop(), new Penalty(0.75, 1.0));
        penalties.put(new Gap(), new Penalty(0.9, 1.0));
        penalties.put(new Clutter(), new Penalty(0.85, 0.6));
        penalties.put(new Noise(), new Penalty(0.9, 1.3));
        penalties.put(new Clipping(), new Penalty(0.8, 1.2));
        penalties.put(new Dropouts(), new Penalty(0.9, 0.6));
        penalties.put(new Wow(), new Penalty(0.8, 0.8));
        return new OpinionCurve(4.6, penalties);
    }

    /**
     * The opinion of a clip.
     *
     * @return in [1, {@link #clean}]
     * @throws IllegalArgumentException if the curve knows nothing about one of the degradations
     */
    public double opinion(Damage damage) {
        double left = 1.0;
        for (Map.Entry<Degradation, Double> flaw : damage.strengths().entrySet()) {
            Penalty penalty = penalties.get(flaw.getKey());
            if (penalty == null) {
                throw new IllegalArgumentException("the curve has no penalty for "
                        + flaw.getKey().name() + ", but must have one for every degradation it is asked about");
            }
            left *= penalty.left(flaw.getValue());
        }
        return WORST + (clean - WORST) * left;
    }
}
