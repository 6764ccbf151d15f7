package org.encore.rewards.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.music.audio.Waveform;
import org.encore.rewards.onnx.Feed.Window;
import org.encore.rewards.onnx.Onnx.Windows;
import org.junit.jupiter.api.Test;

/** Which parts of a sound are scored; sample i has the value i + 1, silence 0. */
class WindowTest {
    private static List<List<Float>> ends(int samples, double seconds, Windows windows) {
        float[] values = new float[samples];
        IntStream.range(0, samples).forEach(i -> values[i] = i + 1);
        return Window.of("a waltz", new Waveform(values, 10), Optional.of(seconds), windows).stream()
                .map(window -> window.sound().samples())
                .map(part -> List.of(part[0], part[part.length - 1]))
                .toList();
    }

    @Test
    void qualityReadsTheFirstAndTheLastTwentySeconds() {
        assertEquals(List.of(List.of(1f, 200f), List.of(101f, 300f)), ends(300, 20, Windows.FIRST_AND_LAST));
        assertEquals(List.of(List.of(1f, 200f), List.of(301f, 500f)), ends(500, 20, Windows.FIRST_AND_LAST));
        assertEquals(List.of(List.of(1f, 200f)), ends(200, 20, Windows.FIRST_AND_LAST));
        assertEquals(List.of(List.of(1f, 0f)), ends(150, 20, Windows.FIRST_AND_LAST));
    }

    @Test
    void textIsComparedWithThreeTimesTenSeconds() {
        assertEquals(
                List.of(List.of(1f, 100f), List.of(101f, 200f), List.of(201f, 300f)),
                ends(300, 10, Windows.CONSECUTIVE));
        assertEquals(List.of(List.of(1f, 100f), List.of(101f, 0f)), ends(150, 10, Windows.CONSECUTIVE));
        assertEquals(List.of(List.of(1f, 100f)), ends(149, 10, Windows.CONSECUTIVE));
    }
}
