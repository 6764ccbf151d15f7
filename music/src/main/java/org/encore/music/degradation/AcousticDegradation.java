package org.encore.music.degradation;

import java.util.random.RandomGenerator;
import org.encore.music.audio.Waveform;

/** Spoils the sound: what a recording or a codec can do wrong. */
public sealed interface AcousticDegradation extends Degradation permits Noise, Clipping, Dropouts, Wow {
    /**
     * Spoils a sound.
     *
     * @param strength in [0, 1]; 0 gives the sound itself
     * @param random decides where; a fresh stream of the clip for each call
     * @return of the same length and rate
     */
    Waveform apply(Waveform sound, double strength, RandomGenerator random);

    /** The root mean square of some samples; 0 of none. */
    static double level(float[] samples) {
        double squares = 0.0;
        for (float sample : samples) {
            squares += (double) sample * sample;
        }
        return samples.length == 0 ? 0.0 : Math.sqrt(squares / samples.length);
    }
}
