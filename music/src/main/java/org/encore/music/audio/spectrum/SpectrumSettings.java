package org.encore.music.audio.spectrum;

import java.util.Objects;

/**
 * Settings of a spectrogram.
 *
 * @param sampleRate samples a second to which sound is resampled first, 1000 to 48000
 * @param windowSamples samples of a frame, under a Hann window; a power of two from 64 to 16384
 * @param hopSamples samples from one frame to the next, 1 to {@code windowSamples}
 * @param bands how many bands, 1 to 1024
 * @param lowHertz where the lowest band begins, above 0
 * @param highHertz where the highest band ends, above {@code lowHertz}, at most half the sample rate
 * @param scale the scale on which bands are equally wide
 * @param floorDecibels the lowest level, that of silence; 0 is a sine of amplitude 1; in [-200, -20]
 */
public record SpectrumSettings(
        int sampleRate,
        int windowSamples,
        int hopSamples,
        int bands,
        double lowHertz,
        double highHertz,
        FrequencyScale scale,
        double floorDecibels) {
    public SpectrumSettings {
        Objects.requireNonNull(scale, "scale");
        requireRange("sampleRate", sampleRate, 1000, 48000);
        requireRange("windowSamples", windowSamples, 64, 16384);
        if (Integer.bitCount(windowSamples) != 1) {
            throw new IllegalArgumentException("windowSamples is " + windowSamples + ", but must be a power of two");
        }
        requireRange("hopSamples", hopSamples, 1, windowSamples);
        requireRange("bands", bands, 1, 1024);
        if (!(lowHertz > 0.0 && lowHertz < highHertz && highHertz <= sampleRate / 2.0)) {
            throw new IllegalArgumentException("lowHertz is " + lowHertz + " and highHertz is " + highHertz
                    + ", but 0 < lowHertz < highHertz <= " + sampleRate / 2.0 + " must hold");
        }
        if (!(floorDecibels >= -200.0 && floorDecibels <= -20.0)) {
            throw new IllegalArgumentException("floorDecibels is " + floorDecibels + ", but must lie in [-200, -20]");
        }
    }

    /**
     * Every bin of windows of 1024 samples a quarter of them apart but those at 0 and at half the sample rate: what the
     * log-spectral distance is taken over.
     */
    public static SpectrumSettings bins(int sampleRate) {
        int window = 1024;
        double bin = (double) sampleRate / window;
        return new SpectrumSettings(
                sampleRate, window, window / 4, window / 2 - 2, bin, sampleRate / 2.0, FrequencyScale.LINEAR, -80.0);
    }

    /** 64 mel bands from 30 Hz to 8 kHz, windows of 64 ms every 16 ms: our choice. */
    public static SpectrumSettings defaults() {
        return new SpectrumSettings(16000, 1024, 256, 64, 30.0, 8000.0, FrequencyScale.MEL, -80.0);
    }

    /** Frames a second. */
    public double frameRate() {
        return (double) sampleRate / hopSamples;
    }

    private static void requireRange(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [" + low + ", " + high + "]");
        }
    }

    /** The frequency axis on which bands are equally wide. */
    public enum FrequencyScale {
        /** As transforms are: equally many hertz a band. */
        LINEAR {
            @Override
            double coordinate(double hertz) {
                return hertz;
            }

            @Override
            double hertz(double coordinate) {
                return coordinate;
            }
        },
        /**
         * As listeners judge distances of pitch: {@code 2595 log10(1 + f / 700)}.
         *
         * @paper O'Shaughnessy 1987, Speech Communication: Human and Machine
         */
        MEL {
            @Override
            double coordinate(double hertz) {
                return 2595.0 * StrictMath.log10(1.0 + hertz / 700.0);
            }

            @Override
            double hertz(double coordinate) {
                return 700.0 * (StrictMath.pow(10.0, coordinate / 2595.0) - 1.0);
            }
        },
        /** As instruments are tuned: twelve equal semitones an octave, 69 is 440 Hz. */
        SEMITONE {
            @Override
            double coordinate(double hertz) {
                return 69.0 + 12.0 * StrictMath.log(hertz / 440.0) / StrictMath.log(2.0);
            }

            @Override
            double hertz(double coordinate) {
                return 440.0 * StrictMath.pow(2.0, (coordinate - 69.0) / 12.0);
            }
        };

        /** The coordinate of a frequency. */
        abstract double coordinate(double hertz);

        /** The frequency of a coordinate. */
        abstract double hertz(double coordinate);
    }
}
