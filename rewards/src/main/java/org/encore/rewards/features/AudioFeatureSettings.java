package org.encore.rewards.features;

import org.encore.base.settings.Checks;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;
import org.encore.rewards.features.AudioFeatures.Rhythm;

/**
 * The audio features of a clip.
 *
 * @param windowSeconds length of the windows whose scores are averaged, in [2, 30]
 * @param timbre a spectrogram that resolves time: instruments and rhythm
 * @param pitch a spectrogram that resolves pitch, one band a semitone: harmony and texture
 * @param patchFrames frames of the first spectrogram that make a patch, 1 to 64
 * @param patchHop frames from one patch to the next, 1 to 64
 * @param pitchHop frames of the second spectrogram from one row of pitches to the next, 1 to 64
 * @param longestLagSeconds how far apart events are compared, above 0, below {@code windowSeconds}
 */
public record AudioFeatureSettings(
        double windowSeconds,
        SpectrumSettings timbre,
        SpectrumSettings pitch,
        int patchFrames,
        int patchHop,
        int pitchHop,
        double longestLagSeconds) {
    public AudioFeatureSettings {
        Checks.within("windowSeconds", windowSeconds, 2.0, 30.0);
        Checks.within("patchFrames", patchFrames, 1, 64);
        Checks.within("patchHop", patchHop, 1, 64);
        Checks.within("pitchHop", pitchHop, 1, 64);
        Checks.within("longestLagSeconds", longestLagSeconds, 0.5, windowSeconds);
    }

    /** Windows of 10 s as in the paper; bars of up to 4.2 s; the rest is our choice. */
    public static AudioFeatureSettings defaults() {
        return new AudioFeatureSettings(
                10.0,
                SpectrumSettings.defaults(),
                new SpectrumSettings(4000, 2048, 256, 62, 51.9131, 1975.5332, FrequencyScale.SEMITONE, -80.0),
                8,
                16,
                2,
                4.2);
    }

    /** Frames of a spectrogram in a window. */
    public int frames(SpectrumSettings spectrum) {
        return (int) (windowSeconds * spectrum.frameRate());
    }

    /** Patches in a window. */
    public int patches() {
        return (frames(timbre) - patchFrames) / patchHop + 1;
    }

    /** Frames of the second spectrogram that are rows of pitches. */
    public int pitchRows() {
        return (frames(pitch) + pitchHop - 1) / pitchHop;
    }

    /** Lags at which frames of a spectrogram are compared, from 0. */
    public int lags(SpectrumSettings spectrum) {
        return (int) (longestLagSeconds * spectrum.frameRate());
    }

    /** Numbers of a window's rhythm. */
    public int rhythmWidth() {
        return Rhythm.width(lags(timbre), lags(pitch));
    }
}
