package org.encore.model.encodec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoder, decoder and quantiser against {@link NaiveEncodec}. */
class EncodecTest {
    private static final String KINDS = "org.encore.model.encodec.TinyCodecs#all";
    /** Shorter than any padding, one frame, no whole number of frames, several blocks. */
    private static final int[] FRAMES = {1, 2, 3, 9};

    private static double relative(double[] expected, double tolerance) {
        double largest = 1;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return tolerance * largest;
    }

    private static void assertAgrees(Kernels kernels, EncodecConfig c, double tolerance) throws IOException {
        Map<String, TinyCodecs.Tensor> checkpoint = TinyCodecs.checkpoint(c, 5);
        NaiveEncodec naive = new NaiveEncodec(c, TinyCodecs.doubles(checkpoint));
        EncodecModel model = TinyCodecs.model(kernels, c, checkpoint);
        for (int frames : FRAMES) {
            for (int missing : new int[] {0, 1, c.hop() - 1}) {
                int samples = frames * c.hop() - Math.min(missing, frames * c.hop() - 1);
                double[][] sound = TinyCodecs.noise(frames, c.channels(), samples);
                Tensor latent = pass(kernels, model.encoder(kernels, 1, samples), c.channels(), sound);
                double[][] expected = naive.encode(sound);
                double[] rows = TinyCodecs.rows(expected);
                assertArrayEquals(rows, kernels.readDoubles(latent), relative(rows, tolerance), samples + " samples");
                int count = c.frames(samples);
                assertArrayEquals(
                        naive.quantise(expected),
                        model.quantiser(kernels, count).encode(latent));
            }
            double[][] latent = TinyCodecs.noise(frames, c.hidden(), frames);
            Tensor sound = pass(kernels, model.decoder(kernels, 1, frames), c.hidden(), latent);
            double[] rows = TinyCodecs.rows(naive.decode(latent));
            assertEquals(frames * c.hop(), sound.rows());
            assertArrayEquals(rows, kernels.readDoubles(sound), relative(rows, tolerance), frames + " frames");
        }
    }

    private static Tensor pass(Kernels kernels, SeaNet net, int channels, double[][]... sequences) {
        Tensor x = kernels.allocate(sequences.length * sequences[0][0].length, channels);
        kernels.write(x, TinyCodecs.rows(sequences));
        return net.forward(x, sequences.length);
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void agreesWithTheDefinition(TinyCodecs.Kind kind) throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            // Weights are folded in 32 bits.
            assertAgrees(kernels, kind.config(), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void simdKernelsAgreeToo(TinyCodecs.Kind kind) throws IOException {
        try (Kernels kernels = new SimdKernelsProvider().open(Precision.SINGLE)) {
            assertAgrees(kernels, kind.config(), 5e-5);
        }
    }

    /** Two sounds in one pass give what each gives alone, and a second pass knows nothing of the first. */
    @ParameterizedTest
    @MethodSource(KINDS)
    void soundsOfABatchAreIndependent(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecModel model = TinyCodecs.model(kernels, c, TinyCodecs.checkpoint(c, 5));
            int samples = 5 * c.hop() - 1;
            double[][] one = TinyCodecs.noise(1, c.channels(), samples);
            double[][] two = TinyCodecs.noise(2, c.channels(), samples);
            SeaNet encoder = model.encoder(kernels, 2, samples);
            double[] both = kernels.readDoubles(pass(kernels, encoder, c.channels(), one, two));
            double[] first = kernels.readDoubles(pass(kernels, encoder, c.channels(), one));
            double[] second = kernels.readDoubles(pass(kernels, encoder, c.channels(), two));
            assertEquals(both.length, first.length + second.length);
            for (int i = 0; i < both.length; i++) {
                assertEquals(i < first.length ? first[i] : second[i - first.length], both[i], 1e-9);
            }
        }
    }

    @Test
    void theCodecOfMusicGenHasItsSize() {
        EncodecConfig c = EncodecConfig.musicGen();
        assertEquals(640, c.hop());
        assertEquals(50.0, c.framesPerSecond(), 0.0);
        // 56.9 million, beside the codebooks.
        assertEquals(56_900_000, EncodecParameters.count(c) - 4 * 2048 * 128, 50_000);
    }

    /** The sum of the rows that the codes name. */
    @Test
    void decodingAddsRows() throws IOException {
        EncodecConfig c = TinyCodecs.all().findFirst().orElseThrow().config();
        Map<String, TinyCodecs.Tensor> checkpoint = TinyCodecs.checkpoint(c, 5);
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecModel model = TinyCodecs.model(kernels, c, checkpoint);
            int[][] codes = {{0, 15}, {7, 1}, {3, 3}};
            Tensor frames = kernels.allocate(2, c.hidden());
            model.quantiser(kernels, 2).decode(codes, frames);
            double[] sums = kernels.readDoubles(frames);
            for (int f = 0; f < 2; f++) {
                for (int i = 0; i < c.hidden(); i++) {
                    double expected = 0;
                    for (int k = 0; k < 3; k++) {
                        expected += checkpoint.get("quantizer.layers." + k + ".codebook.embed")
                                .values()[codes[k][f] * c.hidden() + i];
                    }
                    assertEquals(expected, sums[f * c.hidden() + i], 1e-12);
                }
            }
        }
    }
}
