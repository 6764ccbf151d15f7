package org.encore.rewards.features;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.music.codec.Clip;
import org.encore.rewards.features.AudioInputs.WindowFeatures;

/** Turns sound into what the audio tower is fed. Safe to use from several threads. */
public final class AudioFeatures {
    /** Levels this far below the loudest count as silence, in decibels. */
    private static final float RANGE = 60.0f;

    private final AudioFeatureSettings settings;
    private final Spectrograph timbre;
    private final Spectrograph pitch;

    public AudioFeatures(AudioFeatureSettings settings) {
        this.settings = settings;
        this.timbre = new Spectrograph(settings.timbre());
        this.pitch = new Spectrograph(settings.pitch());
    }

    /** The features of a clip, extracted once however many rewards with these settings read them. */
    public WindowFeatures.Clip extract(Clip clip) {
        return clip.derived(WindowFeatures.Clip.class, settings, () -> extract(clip.waveform()));
    }

    /** The features of every window: as few as cover the sound, evenly spread, the first at its start, the last at its end. */
    public WindowFeatures.Clip extract(Waveform waveform) {
        float[][] timbreLevels = levels(timbre.of(waveform));
        float[][] pitchLevels = levels(pitch.of(waveform));
        int count = Math.max(1, (int) Math.ceil(waveform.seconds() / settings.windowSeconds()));
        List<WindowFeatures> windows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            windows.add(window(
                    cut(timbreLevels, settings.frames(settings.timbre()), i, count),
                    cut(pitchLevels, settings.frames(settings.pitch()), i, count)));
        }
        return new WindowFeatures.Clip(windows);
    }

    /** Levels from 0 to 1 of every frame. */
    private static float[][] levels(Spectrogram spectrogram) {
        float loudest = Float.NEGATIVE_INFINITY;
        for (float decibels : spectrogram.decibels()) {
            loudest = Math.max(loudest, decibels);
        }
        float[][] levels = new float[spectrogram.frames()][spectrogram.bands()];
        for (int frame = 0; frame < levels.length; frame++) {
            for (int band = 0; band < spectrogram.bands(); band++) {
                levels[frame][band] = Math.max(0.0f, 1.0f + (spectrogram.at(frame, band) - loudest) / RANGE);
            }
        }
        return levels;
    }

    /** The frames of a window; after the end is silence. */
    private static float[][] cut(float[][] levels, int frames, int index, int count) {
        int room = Math.max(0, levels.length - frames);
        int start = count == 1 ? 0 : (int) Math.round((double) room * index / (count - 1));
        float[][] cut = new float[frames][];
        for (int i = 0; i < frames; i++) {
            cut[i] = start + i < levels.length ? levels[start + i] : new float[levels[0].length];
        }
        return cut;
    }

    private WindowFeatures window(float[][] timbreLevels, float[][] pitchLevels) {
        int bands = settings.timbre().bands();
        byte[] patches = new byte[settings.patches() * settings.patchFrames() * bands];
        for (int patch = 0, at = 0; patch < settings.patches(); patch++) {
            for (int frame = 0; frame < settings.patchFrames(); frame++, at += bands) {
                quantise(timbreLevels[patch * settings.patchHop() + frame], patches, at);
            }
        }
        byte[] pitches = new byte[settings.pitchRows() * settings.pitch().bands()];
        for (int row = 0; row < settings.pitchRows(); row++) {
            quantise(
                    pitchLevels[row * settings.pitchHop()],
                    pitches,
                    row * settings.pitch().bands());
        }
        return new WindowFeatures(
                patches,
                pitches,
                Harmony.of(pitchLevels),
                Rhythm.of(
                        timbreLevels, settings.lags(settings.timbre()), pitchLevels, settings.lags(settings.pitch())));
    }

    private static void quantise(float[] levels, byte[] out, int offset) {
        for (int i = 0; i < levels.length; i++) {
            out[offset + i] = (byte) Math.round(255.0f * levels[i]);
        }
    }
}
