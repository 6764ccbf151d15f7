package org.encore.music.analysis.sound;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;

/**
 * Measurements of one sound.
 *
 * <p>Levels are relative to the loudest band of the sound, so that only {@link #loudness} depends on its volume.
 *
 * @param rhythm autocorrelation of the onset strength of two registers at {@value #LAGS} lags each, and the logarithm of the
 *     onsets a second
 * @param pulses how much a tempo of 50, 51, … beats a minute agrees with the onset strength: its autocorrelation one, two and
 *     four beats later, in [0, 1]
 * @param timbre mean, deviation and change of the mel spectrum, overtones above its strongest tones by register, decay after
 *     onsets
 * @param chroma energy of the twelve pitch classes from C on, summing to 1; all 0 for silence
 * @param bass the same of tones up to F 3
 * @param onsets peaks of the onset strength a second
 * @param loudness integrated loudness in LUFS; negative infinity for silence
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record SoundAnalysis(
        double[] rhythm,
        double[] pulses,
        double[] timbre,
        double[] chroma,
        double[] bass,
        double onsets,
        double loudness) {
    /** The first tempo of {@link #pulses}. */
    static final int SLOWEST_BPM = 50;

    private static final int FASTEST_BPM = 200;

    /** Lags of a register, spaced evenly on a logarithmic axis. */
    static final int LAGS = 40;

    /** Frames a second of the mel spectrogram. */
    static final int FRAME_RATE = 100;

    private static final int MELS = 64;
    private static final int BASS_MELS = 8;
    private static final double SHORTEST_LAG = 0.12;
    private static final double LONGEST_LAG = 2.4;

    /** Decibels below the loudest band that still count. */
    private static final float RANGE = 60f;

    private static final int LOWEST_TONE = 33;
    private static final int TONES = 68;
    private static final int BASS_TONES = 22;

    /** Two octaves, fifths and thirds: the second to sixth partial, in semitones above a tone. */
    private static final int[] PARTIALS = {12, 19, 24, 28, 31};

    /** Where the middle and the upper register begin, as MIDI pitches. */
    private static final int[] REGISTERS = {52, 67};

    private static final int[] DECAY_FRAMES = {5, 10, 20, 40};

    private static final Spectrograph MEL = new Spectrograph(
            new SpectrumSettings(16_000, 1024, 16_000 / FRAME_RATE, MELS, 30.0, 8000.0, FrequencyScale.MEL, -100.0));

    /** Bands centred at semitones: windows of 512 ms tell those of the lower octaves apart. */
    private static final Spectrograph TONAL = new Spectrograph(new SpectrumSettings(
            16_000,
            8192,
            1600,
            TONES,
            hertz(LOWEST_TONE - 1),
            hertz(LOWEST_TONE + TONES),
            FrequencyScale.SEMITONE,
            -100.0));

    private static double hertz(int pitch) {
        return 440.0 * StrictMath.pow(2.0, (pitch - 69) / 12.0);
    }

    /** Measures a sound of any rate and at least one sample. */
    public static SoundAnalysis of(Waveform sound) {
        float[][] mel = levels(MEL.of(sound));
        float[][] tonal = levels(TONAL.of(sound));
        double[] all = strength(mel, 0, MELS);
        List<Integer> peaks = peaks(all);
        double seconds = Math.max((double) mel.length / FRAME_RATE, 0.1);
        double onsets = peaks.size() / seconds;
        double[] rhythm = new double[2 * LAGS + 1];
        periodicity(strength(mel, 0, BASS_MELS), rhythm, 0);
        periodicity(strength(mel, BASS_MELS, MELS), rhythm, LAGS);
        rhythm[2 * LAGS] = Math.log(0.25 + onsets);
        double[] timbre = concatenated(spectrum(mel), partials(tonal), decay(mel, peaks));
        return new SoundAnalysis(
                rhythm,
                pulses(all),
                timbre,
                chroma(tonal, TONES),
                chroma(tonal, BASS_TONES),
                onsets,
                Loudness.of(sound));
    }

    /** Levels in [0, 1]: 1 is the loudest band of the sound, 0 is {@link #RANGE} below it or less. {@code [frames][bands]} */
    private static float[][] levels(Spectrogram spectrogram) {
        float loudest = -100f;
        for (float level : spectrogram.decibels()) {
            loudest = Math.max(loudest, level);
        }
        float[][] levels = new float[spectrogram.frames()][spectrogram.bands()];
        for (int t = 0; t < levels.length; t++) {
            for (int b = 0; b < levels[t].length; b++) {
                levels[t][b] = Math.max(0f, 1f + (spectrogram.at(t, b) - loudest) / RANGE);
            }
        }
        // Silence has no loudest band.
        if (loudest <= -99f) {
            for (float[] frame : levels) {
                Arrays.fill(frame, 0f);
            }
        }
        return levels;
    }

    /** Spectral flux: how much the bands rise within 20 ms, less its mean over half a second. */
    private static double[] strength(float[][] mel, int from, int to) {
        double[] flux = new double[mel.length];
        for (int t = 2; t < flux.length; t++) {
            for (int b = from; b < to; b++) {
                flux[t] += Math.max(0f, mel[t][b] - mel[t - 2][b]);
            }
        }
        int reach = FRAME_RATE / 4;
        double[] strength = new double[flux.length];
        for (int t = 0; t < flux.length; t++) {
            double sum = 0.0;
            int first = Math.max(0, t - reach);
            int last = Math.min(flux.length - 1, t + reach);
            for (int i = first; i <= last; i++) {
                sum += flux[i];
            }
            strength[t] = Math.max(0.0, flux[t] - sum / (last - first + 1));
        }
        return strength;
    }

    /** Frames that are the strongest within 30 ms, and a tenth as strong as the strongest twentieth at least. */
    private static List<Integer> peaks(double[] strength) {
        double[] sorted = strength.clone();
        Arrays.sort(sorted);
        double least = 0.1 * sorted[(int) (0.95 * (sorted.length - 1))];
        List<Integer> peaks = new ArrayList<>();
        for (int t = 0; t < strength.length; t++) {
            boolean highest = strength[t] > least && strength[t] > 0.0;
            for (int d = 1; d <= 3 && highest; d++) {
                highest = (t < d || strength[t] > strength[t - d])
                        && (t + d >= strength.length || strength[t] >= strength[t + d]);
            }
            if (highest) {
                peaks.add(t);
            }
        }
        return peaks;
    }

    /** Lag of an index, in seconds. */
    private static double lag(int index) {
        return SHORTEST_LAG * StrictMath.pow(LONGEST_LAG / SHORTEST_LAG, (double) index / (LAGS - 1));
    }

    private static double[] pulses(double[] strength) {
        double[] pulses = new double[FASTEST_BPM - SLOWEST_BPM + 1];
        double power = correlation(strength, 0);
        for (int i = 0; i < pulses.length && power > 0.0; i++) {
            double beat = 60.0 * FRAME_RATE / (SLOWEST_BPM + i);
            for (int beats = 1; beats <= 4; beats *= 2) {
                int before = (int) (beats * beat);
                double share = beats * beat - before;
                if (before + 1 < strength.length) {
                    pulses[i] +=
                            ((1.0 - share) * correlation(strength, before) + share * correlation(strength, before + 1))
                                    / (3.0 * power);
                }
            }
        }
        return pulses;
    }

    /** Autocorrelation at the lags, each the highest within 3 % of it, as a share of that at lag 0. */
    private static void periodicity(double[] strength, double[] out, int offset) {
        double power = correlation(strength, 0);
        for (int i = 0; i < LAGS; i++) {
            double middle = lag(i) * FRAME_RATE;
            int reach = (int) Math.max(1, Math.round(0.03 * middle));
            double best = 0.0;
            for (int d = -reach; d <= reach; d++) {
                int lag = (int) Math.round(middle) + d;
                if (lag > 0 && lag < strength.length) {
                    best = Math.max(best, correlation(strength, lag));
                }
            }
            out[offset + i] = power == 0.0 ? 0.0 : best / power;
        }
    }

    /** Mean product of the strength with itself some frames later. */
    private static double correlation(double[] strength, int lag) {
        double sum = 0.0;
        for (int t = lag; t < strength.length; t++) {
            sum += strength[t] * strength[t - lag];
        }
        return sum / (strength.length - lag);
    }

    /** Mean and deviation of every second band over frames that sound, and its mean change from frame to frame. */
    private static double[] spectrum(float[][] mel) {
        int bands = MELS / 2;
        double[] features = new double[3 * bands];
        int sounding = 0;
        for (int t = 0; t < mel.length; t++) {
            double mean = mean(mel[t]);
            if (mean < 0.05) {
                continue;
            }
            sounding++;
            for (int b = 0; b < bands; b++) {
                double level = (mel[t][2 * b] + mel[t][2 * b + 1]) / 2.0;
                double before = t == 0 ? level : (mel[t - 1][2 * b] + mel[t - 1][2 * b + 1]) / 2.0;
                features[b] += level;
                features[bands + b] += level * level;
                features[2 * bands + b] += Math.abs(level - before);
            }
        }
        for (int i = 0; i < features.length; i++) {
            features[i] /= Math.max(1, sounding);
        }
        for (int b = 0; b < bands; b++) {
            features[bands + b] = Math.sqrt(Math.max(0.0, features[bands + b] - features[b] * features[b]));
        }
        return features;
    }

    private static double mean(float[] values) {
        double sum = 0.0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Levels of the partials above local maxima of the tonal spectrum, relative to these, in three registers. */
    private static double[] partials(float[][] tonal) {
        double[] sums = new double[3 * PARTIALS.length];
        double[] weights = new double[3];
        for (float[] frame : tonal) {
            for (int tone = 1; tone + PARTIALS[PARTIALS.length - 1] < TONES; tone++) {
                float level = frame[tone];
                if (level < 0.5f || level <= frame[tone - 1] || level <= frame[tone + 1]) {
                    continue;
                }
                int pitch = LOWEST_TONE + tone;
                int register = pitch < REGISTERS[0] ? 0 : pitch < REGISTERS[1] ? 1 : 2;
                weights[register] += level;
                for (int p = 0; p < PARTIALS.length; p++) {
                    sums[register * PARTIALS.length + p] += level * (frame[tone + PARTIALS[p]] - level);
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= Math.max(1e-9, weights[i / PARTIALS.length]);
        }
        return sums;
    }

    /** Mean level, lower and upper half apart, some frames after onsets, less that at the onset. */
    private static double[] decay(float[][] mel, List<Integer> peaks) {
        double[] features = new double[2 * DECAY_FRAMES.length];
        int[] counts = new int[DECAY_FRAMES.length];
        for (int peak : peaks) {
            int top = Math.min(mel.length - 1, peak + 1);
            for (int i = 0; i < DECAY_FRAMES.length; i++) {
                int later = peak + DECAY_FRAMES[i];
                if (later < mel.length) {
                    counts[i]++;
                    for (int b = 0; b < MELS; b++) {
                        features[2 * i + (b < MELS / 2 ? 0 : 1)] += (mel[later][b] - mel[top][b]) / (MELS / 2.0);
                    }
                }
            }
        }
        for (int i = 0; i < features.length; i++) {
            features[i] /= Math.max(1, counts[i / 2]);
        }
        return features;
    }

    /** Energy of pitch classes of the lowest tones: levels above the median of their frame, squared. */
    private static double[] chroma(float[][] tonal, int tones) {
        double[] chroma = new double[12];
        double total = 0.0;
        for (float[] frame : tonal) {
            float[] sorted = frame.clone();
            Arrays.sort(sorted);
            float median = sorted[sorted.length / 2];
            for (int tone = 1; tone < tones - 1; tone++) {
                // Between its neighbours a tone is their leakage.
                boolean peak = frame[tone] >= frame[tone - 1] && frame[tone] >= frame[tone + 1];
                double above = peak ? Math.max(0f, frame[tone] - median) : 0.0;
                chroma[(LOWEST_TONE + tone) % 12] += above * above;
                total += above * above;
            }
        }
        for (int i = 0; i < chroma.length; i++) {
            chroma[i] = total == 0.0 ? 0.0 : chroma[i] / total;
        }
        return chroma;
    }

    private static double[] concatenated(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
