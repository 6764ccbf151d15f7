package org.encore.music.audio;

/** Mono sound: samples in [-1, 1] at a rate. Instances share their array, which must not change after construction. */
public final class Waveform {
    private final float[] samples;
    private final int sampleRate;

    /**
     * Wraps samples without copying.
     *
     * @param samples amplitude, nominally in [-1, 1]
     * @param sampleRate samples a second, at least 1
     */
    public Waveform(float[] samples, int sampleRate) {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("sampleRate is " + sampleRate + ", but must be at least 1");
        }
        this.samples = samples;
        this.sampleRate = sampleRate;
    }

    /** The samples themselves, not a copy. */
    public float[] samples() {
        return samples;
    }

    public int sampleRate() {
        return sampleRate;
    }

    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
