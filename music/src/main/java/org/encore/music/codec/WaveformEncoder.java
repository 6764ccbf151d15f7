package org.encore.music.codec;

import org.encore.music.audio.Waveform;

/** The way from sound to codes. */
public interface WaveformEncoder {
    /** Frames a second; frame f covers the samples from {@code f / rate} to {@code (f + 1) / rate} seconds. */
    double framesPerSecond();

    /**
     * Encodes a sound.
     *
     * @return {@code [K][T]}
     */
    int[][] encode(Waveform waveform);
}
