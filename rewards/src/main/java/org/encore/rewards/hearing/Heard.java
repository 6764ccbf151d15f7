package org.encore.rewards.hearing;

import java.util.List;

/**
 * What is heard of one window, levels from 0 (silence) to 255 (the loudest of the clip).
 *
 * @param patches patches of the timbre spectrogram, one after the other
 * @param pitches every few frames of the pitch spectrogram, one after the other
 * @param harmony features of pitch classes, as {@link Harmony} has them
 * @param rhythm similarities over lags, as {@link Rhythm} has them
 * @shape patches {@code [patches · patchFrames · bands]}; pitches {@code [rows · bands]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Heard(byte[] patches, byte[] pitches, float[] harmony, float[] rhythm) {
    /** A clip: its windows. */
    public record Clip(List<Heard> windows) {
        public Clip {
            windows = List.copyOf(windows);
        }
    }
}
