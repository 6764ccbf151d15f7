package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;

/** Sound of several channels. */
class WaveformTest {
    private static final float[] LEFT = {0.5f, -1.0f, 0.25f};
    private static final float[] RIGHT = {0.0f, 1.0f, -0.75f};

    private static Waveform stereo() {
        return new Waveform(List.of(LEFT, RIGHT), 32_000);
    }

    @Test
    void samplesAreTheMeanOfTheChannels() {
        Waveform stereo = stereo();
        assertEquals(2, stereo.channels());
        assertSame(RIGHT, stereo.channel(1));
        assertArrayEquals(new float[] {0.25f, 0.0f, -0.25f}, stereo.samples(), 0.0f);
        Waveform mono = new Waveform(LEFT, 32_000);
        assertEquals(1, mono.channels());
        assertSame(LEFT, mono.samples());
    }

    @Test
    void channelsMustExistAndBeEquallyLong() {
        assertThrows(IllegalArgumentException.class, () -> new Waveform(List.of(), 32_000));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Waveform(List.of(LEFT, new float[2]), 32_000));
        assertEquals("the channels of a sound have 3 and 2 samples, but must have equally many", e.getMessage());
    }

    @Test
    void filesHoldEveryChannel() throws IOException, UnsupportedAudioFileException {
        byte[] bytes = WaveFiles.toBytes(stereo());
        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes))) {
            assertEquals(2, in.getFormat().getChannels());
            assertEquals(3, in.getFrameLength());
            // Left 0.5 rounds to 16384 = 0x4000, right 0; then -32767 = 0x8001 and 32767 = 0x7FFF, low byte first.
            assertArrayEquals(new byte[] {0, 0x40, 0, 0, 1, (byte) 0x80, (byte) 0xFF, 0x7F}, in.readNBytes(8));
        }
    }

    @Test
    void everyChannelIsResampled() {
        Resampler resampler = new Resampler(32_000, 16_000);
        Waveform halved = resampler.resampled(stereo());
        for (int channel = 0; channel < 2; channel++) {
            Waveform alone = resampler.resampled(new Waveform(stereo().channel(channel), 32_000));
            assertArrayEquals(alone.samples(), halved.channel(channel), 0.0f);
        }
    }
}
