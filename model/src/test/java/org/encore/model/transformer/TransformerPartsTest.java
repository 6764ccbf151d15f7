package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.ParameterLayout.Part;
import org.encore.model.transformer.ParameterLayout.Range;
import org.encore.model.transformer.TextEncoder.RelativePositions;
import org.junit.jupiter.api.Test;

/** Layout, positions and initial weights. */
class TransformerPartsTest {
    private static TextEncoderConfig text(int buckets, int maxDistance) {
        return new TextEncoderConfig(11, 6, 3, 8, 2, 2, buckets, maxDistance, 1e-6);
    }

    /**
     * With 8 buckets up to distance 16: distances 0 and 1 have their own, then {@code 2 + ⌊2 ln(d / 2) / ln 8⌋}: 2 to 5
     * share bucket 2 (5.66 is the edge), 6 and more bucket 3; keys after the query 4 more.
     */
    @Test
    void bucketsOfRelativePositionsByHand() {
        int[] expected = {0, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
        for (int distance = 0; distance < expected.length; distance++) {
            assertEquals(expected[distance], RelativePositions.bucket(-distance, text(8, 16)), "before " + distance);
            if (distance > 0) {
                assertEquals(4 + expected[distance], RelativePositions.bucket(distance, text(8, 16)), "after");
            }
        }
    }

    /** T5's own numbers: 32 buckets up to 128; 8 to 11 share a bucket, 12 starts the next, 91 and more the last. */
    @Test
    void bucketsOfTheReferenceByHand() {
        TextEncoderConfig c = text(32, 128);
        int[][] expected = {
            {7, 7}, {8, 8}, {11, 8}, {12, 9}, {15, 9}, {16, 10}, {64, 14}, {90, 14}, {91, 15}, {5000, 15}
        };
        for (int[] pair : expected) {
            assertEquals(pair[1], RelativePositions.bucket(-pair[0], c), "distance " + pair[0]);
            assertEquals(16 + pair[1], RelativePositions.bucket(pair[0], c), "distance " + pair[0]);
        }
    }

    @Test
    void everyPairOfPositionsHasOneBucket() {
        float[] oneHot = RelativePositions.oneHot(5, text(8, 16));
        for (int pair = 0; pair < 25; pair++) {
            int bucket = RelativePositions.bucket(pair % 5 - pair / 5, text(8, 16));
            for (int b = 0; b < 8; b++) {
                assertEquals(b == bucket ? 1.0f : 0.0f, oneHot[b * 25 + pair], 0.0f);
            }
        }
    }

    /** Width 6: frequencies 1, 1/100, 1/10000; cosines, then sines. */
    @Test
    void sinusoidsByHand() {
        float[][] expected = {
            {1, 1, 1, 0, 0, 0},
            {0.5403023f, 0.99995f, 1, 0.8414710f, 0.0099998f, 0.0001f},
            {-0.4161468f, 0.9998f, 1, 0.9092974f, 0.0199987f, 0.0002f}
        };
        float[] table = Sinusoids.table(3, 6);
        for (int p = 0; p < 3; p++) {
            assertArrayEquals(expected[p], Arrays.copyOfRange(table, 6 * p, 6 * p + 6), 1e-6f);
        }
    }

    @Test
    void theLayoutCoversTheVectorWithoutGaps() {
        for (Head head : Head.values()) {
            ParameterLayout layout = ParameterLayout.of(TinyModels.config(2, head));
            int next = 0;
            for (ParameterLayout.Entry e : layout.entries()) {
                assertEquals(next, e.offset(), e.name());
                next += e.size();
            }
            assertEquals(layout.size(), next);
            // Text: 2 layers of 4·6·6 + 2·8·6 + 2·6, embedding 11·6, bias 8·2, norm 6.
            int text = 2 * (144 + 96 + 12) + 66 + 16 + 6;
            // Decoder: 2 layers of 8·8·8 + 2·12·8 + 6·8; two embeddings 8·8; projection 8·6 + 8; norm 16; the head.
            int decoder = 2 * (512 + 192 + 48) + 128 + 56 + 16 + (head == Head.CODES ? 2 * 7 * 8 : 9);
            assertEquals(text + decoder, layout.size());
        }
    }

    @Test
    void rangesSplitByPartAndDecay() {
        ParameterLayout layout = ParameterLayout.of(TinyModels.config(2, Head.CODES));
        List<Range> ranges = layout.ranges();
        int next = 0;
        int members = 0;
        for (Range range : ranges) {
            assertEquals(next, range.offset());
            next += range.size();
            for (ParameterLayout.Entry e : layout.entries()) {
                if (e.offset() >= range.offset() && e.offset() < next) {
                    assertEquals(range.part(), e.part(), e.name());
                    assertEquals(range.decayed(), e.decayed(), e.name());
                    members++;
                }
            }
        }
        assertEquals(layout.size(), next);
        assertEquals(layout.entries().size(), members);
        // The text encoder's matrices, then the rest of it; the projection [8, 6] alone before the first
        // self-attention.
        assertEquals(
                List.of(480, 112, 48), ranges.stream().limit(3).map(Range::size).toList());
        assertEquals(Part.CROSS_ATTENTION, ranges.get(2).part());
        assertThrows(IllegalArgumentException.class, () -> layout.entry("decoder.lm_heads.2.weight"));
    }

    @Test
    void initialWeightsDependOnTheSeedAlone() {
        float[] first = initial(1);
        assertArrayEquals(first, initial(1), 0.0f);
        assertFalse(Arrays.equals(first, initial(2)));
    }

    private static float[] initial(long seed) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = new MusicTransformer(kernels, TinyModels.config(2, Head.CODES));
            Initialisation.randomise(model, new RandomStreams(seed));
            return kernels.readFloats(model.parameters().flat());
        }
    }

    @Test
    void initialWeightsHaveTheDeviationsTheyShould() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = new MusicTransformer(kernels, TinyModels.config(1, Head.SCALAR));
            Initialisation.randomise(model, new RandomStreams(1));
            Function<String, double[]> values =
                    name -> kernels.readDoubles(model.parameters().get(name));
            assertArrayEquals(new double[8], values.apply("score.weight"), 0.0);
            assertArrayEquals(new double[8], values.apply("enc_to_dec_proj.bias"), 0.0);
            double[] ones = new double[8];
            Arrays.fill(ones, 1.0);
            assertArrayEquals(ones, values.apply("decoder.model.decoder.layer_norm.weight"), 0.0);
            double[] norm = new double[6];
            Arrays.fill(norm, 1.0);
            assertArrayEquals(norm, values.apply(ParameterNames.textNorm(1, 0)), 0.0);
            // 64 values of deviation 1/√8: the sample deviation errs by 9 per cent of it.
            double deviation = deviation(values.apply("decoder.model.decoder.layers.0.self_attn.q_proj.weight"));
            assertEquals(1 / Math.sqrt(8), deviation, 0.1);
            double residual = deviation(values.apply("decoder.model.decoder.layers.0.self_attn.out_proj.weight"));
            assertEquals(1 / Math.sqrt(8) / 2, residual, 0.05);
        }
    }

    private static double deviation(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum() / values.length);
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertRefused("width is 9, but must be even and a multiple of heads, which is 3", 5, 9, 3);
        assertRefused("width is 8, but must be even and a multiple of heads, which is 3", 5, 8, 3);
        assertRefused("vocabulary is 0, but must be at least 1", 0, 8, 2);
        assertThrows(IllegalArgumentException.class, () -> text(6, 16));
        assertThrows(IllegalArgumentException.class, () -> text(0, 16));
        assertThrows(IllegalArgumentException.class, () -> new BatchShape(0, 1, 1));
        assertNotEquals(new BatchShape(1, 2, 3), new BatchShape(1, 3, 2));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ModelBatch(new BatchShape(1, 2, 3), new int[3], new float[3], new int[][] {{1}}));
    }

    private static void assertRefused(String message, int vocabulary, int width, int heads) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new DecoderConfig(vocabulary, 1, width, 4, 1, heads, 8, Activation.GELU));
        assertEquals(message, e.getMessage());
    }

    /** The logarithm of the largest distance over the first shared one must be above zero. */
    @Test
    void bucketsNeedRoomForTheirDistances() {
        assertThrows(IllegalArgumentException.class, () -> text(32, 8));
        assertTrue(RelativePositions.bucket(3000, text(32, 9)) == 31);
    }

    @Test
    void sequencesLongerThanThePositionsAreRefused() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 1);
            BatchShape shape = new BatchShape(1, 25, 1);
            Activations activations = new Activations(kernels, model.config(), shape);
            ModelBatch batch = new ModelBatch(shape, new int[1], new float[] {1}, new int[1][25]);
            assertThrows(IllegalArgumentException.class, () -> model.forward(activations, batch));
            PackedDecoder packed = new PackedDecoder(model, Packing.FLOAT32);
            IncrementalDecoder.Capacity capacity = new IncrementalDecoder.Capacity(1, 25, 1, Packing.FLOAT32);
            assertThrows(IllegalArgumentException.class, () -> new IncrementalDecoder(model, packed, capacity));
        }
    }
}
