package org.encore.music.audio;

import java.util.List;

/**
 * Sound: samples in [-1, 1] at a rate, of one channel or several. Instances share their arrays, which must not change after construction.
 *
 * <p>What measures a sound takes its {@link #samples}, the mean of the channels; what writes, resamples or encodes it takes every {@link #channel}.
 */
public final class Waveform {
    private final List<float[]> channels;
    private final float[] samples;
    private final int sampleRate;

    /**
     * Wraps the samples of one channel without copying.
     *
     * @param samples amplitude, nominally in [-1, 1]
     * @param sampleRate samples a second, at least 1
     */
    public Waveform(float[] samples, int sampleRate) {
        this(List.of(samples), sampleRate);
    }

    /**
     * Wraps channels without copying.
     *
     * @param channels amplitudes, nominally in [-1, 1]; two are left and right
     * @param sampleRate samples a second, at least 1
     * @throws IllegalArgumentException if there is no channel, or they differ in length
     */
    public Waveform(List<float[]> channels, int sampleRate) {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("sampleRate is " + sampleRate + ", but must be at least 1");
        }
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("a sound has no channel, but needs at least one");
        }
        this.channels = List.copyOf(channels);
        this.sampleRate = sampleRate;
        this.samples = mean(this.channels);
    }

    private static float[] mean(List<float[]> channels) {
        float[] first = channels.get(0);
        if (channels.size() == 1) {
            return first;
        }
        float[] mean = new float[first.length];
        for (float[] channel : channels) {
            if (channel.length != first.length) {
                throw new IllegalArgumentException("the channels of a sound have " + first.length + " and "
                        + channel.length + " samples, but must have equally many");
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] += channel[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= channels.size();
        }
        return mean;
    }

    /** The mean of the channels; of one channel the samples themselves, not a copy. */
    public float[] samples() {
        return samples;
    }

    /** Number of channels. */
    public int channels() {
        return channels.size();
    }

    /** The samples of a channel themselves, not a copy. */
    public float[] channel(int index) {
        return channels.get(index);
    }

    public int sampleRate() {
        return sampleRate;
    }

    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
