package org.encore.music.degradation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.Degradation.Degradations;

/**
 * The degradations of a clip, each with its strength.
 *
 * @param strengths in [0, 1]; degradations that are not named are absent
 */
public record Damage(Map<Degradation, Double> strengths) {
    /** No degradation. */
    public static final Damage NONE = new Damage(Map.of());

    public Damage {
        strengths.values().forEach(Degradation::requireStrength);
        strengths = Collections.unmodifiableMap(new LinkedHashMap<>(strengths));
    }

    /** One degradation alone. */
    public static Damage of(Degradation degradation, double strength) {
        return new Damage(Map.of(degradation, strength));
    }

    /** Applies the musical degradations in the order of {@link Degradations}. */
    public Piece spoil(Piece piece, RandomStreams streams, long clip) {
        Piece spoilt = piece;
        for (MusicalDegradation degradation : Degradations.musical()) {
            if (strengths.containsKey(degradation)) {
                spoilt = degradation.apply(spoilt, strengths.get(degradation), random(degradation, streams, clip));
            }
        }
        return spoilt;
    }

    /** Applies the acoustic degradations in the order of {@link Degradations}. */
    public Waveform spoil(Waveform sound, RandomStreams streams, long clip) {
        Waveform spoilt = sound;
        for (AcousticDegradation degradation : Degradations.acoustic()) {
            if (strengths.containsKey(degradation)) {
                spoilt = degradation.apply(spoilt, strengths.get(degradation), random(degradation, streams, clip));
            }
        }
        return spoilt;
    }

    /** The stream is independent of the strength: a stronger degradation changes the same places and more. */
    private static RandomGenerator random(Degradation degradation, RandomStreams streams, long clip) {
        return streams.stream(Purpose.DEGRADATION, clip, Degradations.all().indexOf(degradation));
    }
}
