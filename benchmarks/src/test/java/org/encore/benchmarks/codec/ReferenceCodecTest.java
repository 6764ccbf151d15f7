package org.encore.benchmarks.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.model.encodec.EncodecParameters;
import org.junit.jupiter.api.Test;

/** What the sides are given. */
final class ReferenceCodecTest {
    private final ReferenceCodec reference = new ReferenceCodec();

    @Test
    void everyWeightHasItsShapeOnce() {
        long size = reference.names().stream()
                .mapToLong(name -> reference.shape(name).stream().reduce(1, Math::multiplyExact))
                .sum();
        assertEquals(EncodecParameters.count(reference.config()), size);
    }

    @Test
    void weightsAreTheSameInEveryProcessAndBounded() {
        String name = "encoder.layers.0.conv.weight";
        float[] weights = reference.floats(name);
        assertArrayEquals(weights, new ReferenceCodec().floats(name), 0.0f);
        assertNotEquals(weights[0], reference.floats("encoder.layers.0.conv.bias")[0]);
        for (float weight : weights) {
            assertTrue(Math.abs(weight) <= 0.25f, "16 inputs or fewer: " + weight);
        }
    }

    /**
     * A second of 50 frames. Frame by frame: convolution 128·1024·7, LSTM 2·8·1024². Upsampling: 1024·512·16 at 50 Hz,
     * 512·256·10 at 400, 256·128·8 at 2000, 128·64·8 at 8000. Blocks: (3·C·C/2 + C/2·C) at 400, 2000, 8000 and 32000 Hz. Last:
     * 64·7 at 32000.
     */
    @Test
    void operationsByHand() {
        double frames = 50.0 * (128 * 1024 * 7 + 16 * 1024 * 1024);
        double upwards =
                50.0 * 1024 * 512 * 16 + 400.0 * 512 * 256 * 10 + 2000.0 * 256 * 128 * 8 + 8000.0 * 128 * 64 * 8;
        double blocks = 2.0 * (400.0 * 512 * 512 + 2000.0 * 256 * 256 + 8000.0 * 128 * 128 + 32000.0 * 64 * 64);
        double expected = 2.0 * (frames + upwards + blocks + 32000.0 * 64 * 7);
        assertEquals(expected, reference.operations(CodecSide.Work.DECODE, 50), 1.0);
        assertEquals(expected, reference.operations(CodecSide.Work.ENCODE, 50), 1.0, "the encoder is the mirror image");
    }
}
