package org.encore.rewards.features;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.music.codec.Clip;
import org.encore.rewards.features.AudioInputs.WindowFeatures;

/** Extracts audio features from sound. Thread-safe. */
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

    /** The features of a clip, cached with the clip for all rewards with the same settings. */
    public WindowFeatures.Clip extract(Clip clip) {
        return clip.derived(WindowFeatures.Clip.class, settings, () -> extract(clip.waveform()));
    }

    /**
     * The features of all windows: the fewest that cover the sound, evenly spaced, the first at its start, the last at
     * its end.
     */
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

    /** Levels of every frame, in [0, 1]. */
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

    /** The frames of a window, padded with silence. */
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

    /**
     * Pitch-class profiles of a window (all, bass, treble, beginning, end) and co-occurrence of pitch classes.
     *
     * <p>Class 0 is that of the lowest band. {@link #turned} rotates the classes, so that the network reads every key
     * with the same weights.
     */
    public static final class Harmony {
        /** Pitch classes. */
        public static final int CLASSES = 12;

        /** Profiles: all, bass, treble, first, last. */
        static final int PROFILES = 5;

        /** Number of features. */
        public static final int WIDTH = PROFILES * CLASSES + CLASSES * CLASSES;

        private static final int BASS_BANDS = 24;
        private static final double ENDS = 0.15;
        private static final int NEIGHBOURS = 6;

        private Harmony() {}

        /**
         * The features of a window.
         *
         * @param levels one band a semitone
         * @shape levels {@code [frames][bands]}; result {@code [PROFILES · 12 + 12 · 12]}
         */
        static float[] of(float[][] levels) {
            float[] features = new float[WIDTH];
            int last = sounding(levels);
            for (int frame = 0; frame < last; frame++) {
                float[] peaks = peaks(levels[frame]);
                float[] classes = new float[CLASSES];
                for (int band = 0; band < peaks.length; band++) {
                    int pitchClass = band % CLASSES;
                    classes[pitchClass] += peaks[band];
                    features[pitchClass] += peaks[band];
                    features[(band < BASS_BANDS ? CLASSES : 2 * CLASSES) + pitchClass] += peaks[band];
                    if (frame < ENDS * last) {
                        features[3 * CLASSES + pitchClass] += peaks[band];
                    }
                    if (frame >= (1.0 - ENDS) * last) {
                        features[4 * CLASSES + pitchClass] += peaks[band];
                    }
                }
                for (int a = 0; a < CLASSES; a++) {
                    for (int b = 0; b < CLASSES; b++) {
                        features[(PROFILES + a) * CLASSES + b] += classes[a] * classes[b];
                    }
                }
            }
            for (int profile = 0; profile < PROFILES; profile++) {
                normalise(features, profile * CLASSES, CLASSES);
            }
            normalise(features, PROFILES * CLASSES, CLASSES * CLASSES);
            return features;
        }

        /** Number of frames up to the last that is not silent. */
        private static int sounding(float[][] levels) {
            for (int frame = levels.length; frame > 0; frame--) {
                for (float level : levels[frame - 1]) {
                    if (level > 0.3f) {
                        return frame;
                    }
                }
            }
            return 0;
        }

        /** How far each band exceeds its neighbours. */
        private static float[] peaks(float[] levels) {
            float[] peaks = new float[levels.length];
            for (int band = 0; band < levels.length; band++) {
                int from = Math.max(0, band - NEIGHBOURS);
                int to = Math.min(levels.length, band + NEIGHBOURS + 1);
                float sum = 0.0f;
                for (int i = from; i < to; i++) {
                    sum += levels[i];
                }
                peaks[band] = Math.max(0.0f, levels[band] - sum / (to - from));
                peaks[band] *= levels[band];
            }
            return peaks;
        }

        private static void normalise(float[] values, int offset, int count) {
            double squares = 1e-6;
            for (int i = offset; i < offset + count; i++) {
                squares += values[i] * values[i];
            }
            float factor = (float) (Math.sqrt(count) / Math.sqrt(squares));
            for (int i = offset; i < offset + count; i++) {
                values[i] *= factor;
            }
        }

        /** Writes the features rotated so that class {@code turn} becomes class 0. */
        public static void turned(float[] features, int turn, float[] out, int offset) {
            for (int profile = 0; profile < PROFILES; profile++) {
                for (int c = 0; c < CLASSES; c++) {
                    out[offset + profile * CLASSES + c] = features[profile * CLASSES + (c + turn) % CLASSES];
                }
            }
            for (int a = 0; a < CLASSES; a++) {
                for (int b = 0; b < CLASSES; b++) {
                    out[offset + (PROFILES + a) * CLASSES + b] =
                            features[(PROFILES + (a + turn) % CLASSES) * CLASSES + (b + turn) % CLASSES];
                }
            }
        }
    }

    /**
     * Self-similarity over lags: correlations of onsets within and between registers, and of sounding pitches.
     */
    static final class Rhythm {
        /**
         * Autocorrelations of low, middle, high and all onsets, and correlations of low with later middle and high
         * onsets.
         */
        private static final int CURVES = 7;

        private Rhythm() {}

        /** Features per window. */
        static int width(int timbreLags, int pitchLags) {
            return CURVES * timbreLags + pitchLags;
        }

        /**
         * The curves of a window, one after the other.
         *
         * @shape timbre {@code [frames][bands]}; pitch {@code [frames][bands]}
         */
        static float[] of(float[][] timbre, int timbreLags, float[][] pitch, int pitchLags) {
            int bands = timbre[0].length;
            float[] low = onsets(timbre, 0, bands / 5);
            float[] middle = onsets(timbre, bands / 5, bands / 2);
            float[] high = onsets(timbre, bands / 2, bands);
            float[] all = onsets(timbre, 0, bands);
            float[] curves = new float[width(timbreLags, pitchLags)];
            float[][][] pairs = {
                {all, all}, {low, low}, {middle, middle}, {high, high}, {low, middle}, {middle, low}, {low, high}
            };
            for (int curve = 0; curve < CURVES; curve++) {
                correlate(pairs[curve][0], pairs[curve][1], curves, curve * timbreLags, timbreLags);
            }
            likeness(pitch, curves, CURVES * timbreLags, pitchLags);
            return curves;
        }

        /** Rise of the levels of some bands into each frame, standardised. */
        private static float[] onsets(float[][] levels, int from, int to) {
            float[] onsets = new float[levels.length];
            double sum = 0.0;
            for (int frame = 1; frame < levels.length; frame++) {
                for (int band = from; band < to; band++) {
                    onsets[frame] += Math.max(0.0f, levels[frame][band] - levels[frame - 1][band]);
                }
                sum += onsets[frame];
            }
            float mean = (float) (sum / levels.length);
            double squares = 1e-6;
            for (int frame = 0; frame < onsets.length; frame++) {
                onsets[frame] -= mean;
                squares += onsets[frame] * onsets[frame];
            }
            float factor = (float) Math.sqrt(levels.length / squares);
            for (int frame = 0; frame < onsets.length; frame++) {
                onsets[frame] *= factor;
            }
            return onsets;
        }

        private static void correlate(float[] first, float[] later, float[] out, int offset, int lags) {
            for (int lag = 0; lag < lags; lag++) {
                float sum = 0.0f;
                for (int t = 0; t + lag < first.length; t++) {
                    sum += first[t] * later[t + lag];
                }
                out[offset + lag] = sum / (first.length - lag);
            }
        }

        private static void likeness(float[][] pitch, float[] out, int offset, int lags) {
            double[] norms = new double[pitch.length];
            for (int t = 0; t < pitch.length; t++) {
                for (float level : pitch[t]) {
                    norms[t] += level * level;
                }
                norms[t] = Math.sqrt(norms[t] + 1e-6);
            }
            for (int lag = 0; lag < lags; lag++) {
                double sum = 0.0;
                for (int t = 0; t + lag < pitch.length; t++) {
                    float product = 0.0f;
                    for (int band = 0; band < pitch[t].length; band++) {
                        product += pitch[t][band] * pitch[t + lag][band];
                    }
                    sum += product / (norms[t] * norms[t + lag]);
                }
                out[offset + lag] = (float) (sum / (pitch.length - lag));
            }
            standardise(out, offset, lags);
        }

        /** Scales to mean 0 and standard deviation 0.5. */
        private static void standardise(float[] values, int offset, int count) {
            double sum = 0.0;
            double squares = 0.0;
            for (int i = offset; i < offset + count; i++) {
                sum += values[i];
                squares += values[i] * values[i];
            }
            double mean = sum / count;
            double factor = 0.5 / Math.sqrt(Math.max(1e-6, squares / count - mean * mean));
            for (int i = offset; i < offset + count; i++) {
                values[i] = (float) (factor * (values[i] - mean));
            }
        }
    }
}
