package org.encore.evaluation.perturbation;

import org.encore.music.audio.NoiseColour;
import org.encore.music.codec.AudioCodec;

/**
 * The window's sound is replaced by noise, not mixed with it, and encoded again.
 *
 * @param colour its spectrum
 * @param levelDecibels its root mean square in dB, in [-120, 0]; the effect depends on it, so match it to the music
 */
public record WaveformNoise(NoiseColour colour, double levelDecibels) implements Perturbation {
    public WaveformNoise {
        if (!(levelDecibels >= -120.0 && levelDecibels <= 0.0)) {
            throw new IllegalArgumentException("level is " + levelDecibels + " dB, but must lie in [-120, 0]");
        }
    }

    @Override
    public String name() {
        return Perturbations.text(colour);
    }

    @Override
    public void requireUsable(AudioCodec codec) {
        WaveformSplice.requireEncoder(name(), codec);
    }

    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        requireUsable(material.codec());
        material.requireRoom(piece, first, length, length);
        return WaveformSplice.apply(material, piece, new int[] {first, first + length}, (samples, from, to) -> {
            double[] noise = colour.samples(to - from, levelDecibels, material.random(piece));
            for (int i = from; i < to; i++) {
                samples[i] = (float) noise[i - from];
            }
        });
    }
}
