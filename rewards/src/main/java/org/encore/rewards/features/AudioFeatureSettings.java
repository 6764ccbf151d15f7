package org.encore.rewards.features;

import org.encore.base.settings.Checks;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;
import org.encore.rewards.features.AudioFeatures.Rhythm;

/**
 * Settings of the audio features.
 *
 * @param windowSeconds length of the windows over which scores are averaged
 * @param timbre spectrogram with high time resolution, for instruments and rhythm
 * @param pitch spectrogram with one band per semitone, for harmony and texture
 * @param patchFrames frames per patch of the timbre spectrogram
 * @param patchHop frames from one patch to the next
 * @param pitchHop frames of the pitch spectrogram from one row to the next
 * @param longestLagSeconds longest lag of the rhythm correlations, at most {@code windowSeconds}
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

    /** Frames of a spectrogram per window. */
    public int frames(SpectrumSettings spectrum) {
        return (int) (windowSeconds * spectrum.frameRate());
    }

    /** Patches per window. */
    public int patches() {
        return (frames(timbre) - patchFrames) / patchHop + 1;
    }

    /** Rows of the pitch spectrogram per window. */
    public int pitchRows() {
        return (frames(pitch) + pitchHop - 1) / pitchHop;
    }

    /** Number of lags at which frames of a spectrogram are compared, from 0. */
    public int lags(SpectrumSettings spectrum) {
        return (int) (longestLagSeconds * spectrum.frameRate());
    }

    /** Rhythm features per window. */
    public int rhythmWidth() {
        return Rhythm.width(lags(timbre), lags(pitch));
    }
}
