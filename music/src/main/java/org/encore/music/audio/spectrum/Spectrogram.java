package org.encore.music.audio.spectrum;

/** Levels of bands over time, in decibels; 0 is a sine of amplitude 1. Immutable after construction. */
public final class Spectrogram {
    private final int frames;
    private final int bands;
    private final float[] decibels;

    Spectrogram(int frames, int bands, float[] decibels) {
        this.frames = frames;
        this.bands = bands;
        this.decibels = decibels;
    }

    /** How many frames, at least 1. */
    public int frames() {
        return frames;
    }

    /** How many bands. */
    public int bands() {
        return bands;
    }

    /** The level of a band in a frame. */
    public float at(int frame, int band) {
        return decibels[frame * bands + band];
    }

    /**
     * All levels, frame after frame; not a copy.
     *
     * @shape result {@code [frames · bands]}
     */
    public float[] decibels() {
        return decibels;
    }
}
