package org.encore.model.encodec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.encore.model.parallel.Shards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clips in chunks come out as in one pass, whatever their length. */
class ChunksTest {
    private static final String KINDS = "org.encore.model.encodec.TinyCodecs#all";

    /** Around the ends of windows (50 frames) and chunks (100 frames). */
    private static final int[] FRAMES = {1, 2, 50, 51, 101, 151, 202};

    /** In 64 bits, but for the results, which are read in 32: their last digits may differ. */
    private static final double TOLERANCE = 5e-7;

    private static Shards shards(int count) {
        return new Shards(count, count, () -> new PortableKernels(Precision.DOUBLE));
    }

    private static int[][] codes(EncodecConfig c, int frames) {
        RandomGenerator random = new RandomStreams(frames).stream(RandomStreams.Purpose.NOISE);
        int[][] codes = new int[c.codebooks()][frames];
        for (int[] row : codes) {
            for (int f = 0; f < frames; f++) {
                row[f] = random.nextInt(c.codebookSize());
            }
        }
        return codes;
    }

    private static float[][] whole(EncodecModel model, Kernels kernels, int[][] codes) {
        int frames = codes[0].length;
        Tensor latent = kernels.allocate(frames, model.config().hidden());
        model.quantiser(kernels, frames).decode(codes, latent);
        float[] rows = kernels.readFloats(model.decoder(kernels, 1, frames).forward(latent, 1));
        int channels = model.config().channels();
        float[][] sound = new float[channels][rows.length / channels];
        for (int i = 0; i < rows.length; i++) {
            sound[i % channels][i / channels] = rows[i];
        }
        return sound;
    }

    private static void assertClose(float[][] expected, float[][] actual, double tolerance, String what) {
        double largest = 0;
        for (float[] channel : expected) {
            for (float value : channel) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        assertTrue(largest > 0.01, "the sound is not silent");
        assertEquals(expected.length, actual.length);
        for (int c = 0; c < expected.length; c++) {
            assertArrayEquals(expected[c], actual[c], (float) (tolerance * Math.max(1, largest)), what);
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void decodingInChunksIsDecodingAtOnce(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Shards one = shards(1);
                Shards two = shards(2)) {
            EncodecModel model = TinyCodecs.model(one.kernels(0), c, TinyCodecs.checkpoint(c, 5));
            ChunkedDecoder decoder = new ChunkedDecoder(model, one, Packing.FLOAT32);
            ChunkedDecoder parallel = new ChunkedDecoder(model, two, Packing.FLOAT32);
            for (int frames : FRAMES) {
                int[][] codes = codes(c, frames);
                float[][] expected = whole(model, one.kernels(0), codes);
                float[][] actual = decoder.decode(codes);
                assertClose(expected, actual, TOLERANCE, frames + " frames");
                assertArrayEquals(actual, parallel.decode(codes), frames + " frames on two shards");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void encodingInChunksIsEncodingAtOnce(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Shards one = shards(1);
                Shards two = shards(2)) {
            Kernels kernels = one.kernels(0);
            EncodecModel model = TinyCodecs.model(kernels, c, TinyCodecs.checkpoint(c, 5));
            ChunkedEncoder encoder = new ChunkedEncoder(model, one);
            ChunkedEncoder parallel = new ChunkedEncoder(model, two);
            for (int frames : FRAMES) {
                for (int missing : new int[] {0, c.hop() - 1}) {
                    int samples = Math.max(1, frames * c.hop() - missing);
                    double[][] noise = TinyCodecs.noise(frames, c.channels(), samples);
                    Tensor sound = kernels.allocate(samples, c.channels());
                    kernels.write(sound, TinyCodecs.rows(noise));
                    Tensor latent = model.encoder(kernels, 1, samples).forward(sound, 1);
                    int[][] expected = model.quantiser(kernels, frames).encode(latent);
                    int[][] actual = encoder.encode(floats(noise));
                    assertArrayEquals(expected, actual, samples + " samples");
                    assertArrayEquals(actual, parallel.encode(floats(noise)), samples + " samples on two shards");
                }
            }
        }
    }

    private static float[][] floats(double[][] sound) {
        float[][] result = new float[sound.length][sound[0].length];
        for (int c = 0; c < sound.length; c++) {
            for (int i = 0; i < sound[c].length; i++) {
                result[c][i] = (float) sound[c][i];
            }
        }
        return result;
    }

    /** What a checkpoint's codec uses: SIMD kernels and recurrent weights of 16 bits. */
    @ParameterizedTest
    @MethodSource(KINDS)
    void sixteenBitsOfTheRecurrentWeightsAreEnough(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Shards shards = new Shards(2, 2, () -> new SimdKernelsProvider().open(Precision.SINGLE))) {
            EncodecModel model = TinyCodecs.model(shards.kernels(0), c, TinyCodecs.checkpoint(c, 5));
            int[][] codes = codes(c, 151);
            float[][] expected = whole(model, shards.kernels(0), codes);
            float[][] actual = new ChunkedDecoder(model, shards, Packing.INT16).decode(codes);
            assertClose(expected, actual, 1e-4, "151 frames");
        }
    }

    /** Wide enough for the buffers of numbers to outweigh tables of rows. */
    @Test
    void decodingTakesThePlannedMemory() throws IOException {
        KernelWidths widths = new KernelWidths(7, 7, 3);
        EncodecConfig c = new EncodecConfig(
                32_000, 1, 32, 8, 1, List.of(8, 5, 4, 4), widths, 2, false, PadMode.REFLECT, 2, 2, 1.0, false, 4, 64);
        try (Shards shards = new Shards(2, 2, () -> new SimdKernelsProvider().open(Precision.SINGLE))) {
            EncodecModel model = TinyCodecs.model(shards.kernels(0), c, TinyCodecs.checkpoint(c, 5));
            long before = allocated(shards);
            new ChunkedDecoder(model, shards, Packing.FLOAT32).decode(codes(c, 400));
            double taken = allocated(shards) - before;
            assertEquals(1.0, (double) Float.BYTES * ChunkedDecoder.elements(c, 2) / taken, 0.1, taken + " bytes");
        }
    }

    private static long allocated(Shards shards) {
        return shards.kernels(0).allocatedBytes() + shards.kernels(1).allocatedBytes();
    }

    @Test
    void aClipOfNoFramesIsNoSound() throws IOException {
        EncodecConfig c = TinyCodecs.all().findFirst().orElseThrow().config();
        try (Shards shards = shards(1)) {
            EncodecModel model = TinyCodecs.model(shards.kernels(0), c, TinyCodecs.checkpoint(c, 5));
            assertEquals(0, new ChunkedDecoder(model, shards, Packing.FLOAT32).decode(new int[3][0])[0].length);
            assertEquals(0, new ChunkedEncoder(model, shards).encode(new float[1][0])[0].length);
        }
    }
}
