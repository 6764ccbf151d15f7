package org.encore.rewards.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.encore.music.audio.Waveform;

/**
 * A stretch of a sample.
 *
 * @param prompt what was asked for
 * @param sound what is heard of it; null where no input hears sound
 */
record Window(String prompt, Waveform sound) {
    /**
     * Cuts a sound into windows of equal length: one after the other from its beginning; the last one is filled up with
     * silence if at least half of it is sound, and left out otherwise, unless it is the only one.
     *
     * @param seconds length of a window; empty for the whole sound in one
     */
    static List<Window> of(String prompt, Waveform sound, Optional<Double> seconds) {
        if (seconds.isEmpty()) {
            return List.of(new Window(prompt, sound));
        }
        int length = (int) Math.max(1, Math.round(seconds.get() * sound.sampleRate()));
        int whole = (int) Math.max(1, Math.round((double) sound.samples().length / length));
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < whole; i++) {
            float[] samples = Arrays.copyOfRange(sound.samples(), i * length, (i + 1) * length);
            windows.add(new Window(prompt, new Waveform(samples, sound.sampleRate())));
        }
        return windows;
    }
}
