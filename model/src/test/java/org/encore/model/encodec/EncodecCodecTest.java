package org.encore.model.encodec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;
import org.junit.jupiter.api.Test;

/** The codec as a model's users see it. */
class EncodecCodecTest {
    private static final EncodecConfig CONFIG =
            TinyCodecs.all().findFirst().orElseThrow().config();
    private static final int FRAMES = 7;

    private static EncodecCodec codec(int parts) throws IOException {
        Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
        return new EncodecCodec(
                TinyCodecs.model(shards.kernels(0), CONFIG, TinyCodecs.checkpoint(CONFIG, 5)), shards, parts);
    }

    private static Waveform noise(int seed, int samples, int rate) {
        float[] sound = new float[samples];
        double[] values = TinyCodecs.noise(seed, 1, samples)[0];
        for (int i = 0; i < samples; i++) {
            sound[i] = 0.3f * (float) values[i];
        }
        return new Waveform(sound, rate);
    }

    @Test
    void itTellsItsSizes() throws IOException {
        try (EncodecCodec codec = codec(1)) {
            assertEquals("encodec", codec.name());
            assertEquals(3, codec.codebooks());
            assertEquals(16, codec.cardinality());
            assertEquals(16_000.0 / 24, codec.framesPerSecond(), 1e-9);
            int[][] codes = new int[3][FRAMES];
            assertEquals(FRAMES, codec.validFrames(codes));
            assertEquals(2 * 24 / 16_000.0, codec.seconds(codes).orElseThrow()[2], 1e-12);
            assertTrue(codec.endCode().isEmpty());
        }
    }

    /** Even rows are the left channel's, odd rows the right's. */
    @Test
    void stereoIsTwoMonoClipsSideBySide() throws IOException {
        try (EncodecCodec mono = codec(1);
                EncodecCodec stereo = codec(2)) {
            Waveform left = noise(1, FRAMES * 24, 16_000);
            Waveform right = noise(2, FRAMES * 24, 16_000);
            int[][] both = stereo.encode(new Waveform(List.of(left.samples(), right.samples()), 16_000));
            int[][] ofLeft = mono.encode(left);
            int[][] ofRight = mono.encode(right);
            assertEquals(6, both.length);
            for (int k = 0; k < 3; k++) {
                assertArrayEquals(ofLeft[k], both[2 * k]);
                assertArrayEquals(ofRight[k], both[2 * k + 1]);
            }
            Waveform sound = stereo.decode(both).waveform();
            assertEquals(2, sound.channels());
            assertArrayEquals(mono.decode(ofLeft).waveform().samples(), sound.channel(0), 0.0f);
            assertArrayEquals(mono.decode(ofRight).waveform().samples(), sound.channel(1), 0.0f);
        }
    }

    @Test
    void otherRatesAndChannelsAreConverted() throws IOException {
        try (EncodecCodec codec = codec(1);
                EncodecCodec stereo = codec(2)) {
            WaveformEncoder encoder = codec.encoder().orElseThrow();
            Waveform slow = noise(1, 84, 8_000);
            assertEquals(FRAMES, encoder.encode(slow)[0].length, "84 samples are 168 at twice the rate");
            float[] quiet = new float[168];
            Waveform sides = new Waveform(List.of(noise(1, 168, 16_000).samples(), quiet), 16_000);
            assertArrayEquals(encoder.encode(new Waveform(sides.samples(), 16_000)), encoder.encode(sides));
            int[][] doubled = stereo.encode(new Waveform(sides.samples(), 16_000));
            assertArrayEquals(doubled[0], doubled[1], "a mono sound is both channels");
        }
    }

    @Test
    void clipsAreRenderedWhenAskedForAndNotAfterClosing() throws IOException {
        EncodecCodec codec = codec(1);
        int[][] codes = new int[3][FRAMES];
        Clip early = codec.decode(codes);
        Clip late = codec.decode(codes);
        codes[0][0] = 99;
        assertTrue(early.rendered().isEmpty());
        assertEquals(FRAMES * 24, early.waveform().samples().length);
        assertEquals(16_000, early.waveform().sampleRate());
        assertTrue(early.piece().isEmpty());
        codec.close();
        assertThrows(IllegalStateException.class, late::waveform);
        assertEquals(FRAMES * 24, early.waveform().samples().length);
    }

    @Test
    void codesOfAnotherCodecAreRefused() throws IOException {
        try (EncodecCodec codec = codec(1)) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> codec.decode(new int[4][FRAMES]));
            assertEquals("codes have 4 codebooks, but this codec has 3", e.getMessage());
            int[][] codes = new int[3][FRAMES];
            codes[1][3] = 16;
            assertThrows(IllegalArgumentException.class, codec.decode(codes)::waveform);
        }
    }
}
