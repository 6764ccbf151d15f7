package org.encore.benchmarks.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both sides compute the same; needs LibTorch. */
@Tag("libtorch")
final class CodecsAgreeTest {
    private static final int FRAMES = 60;

    @Test
    void soundAndCodesOfTheSameWeightsAreTheSame() {
        ReferenceCodec reference = new ReferenceCodec();
        try (CodecSide encore = new EncoreCodec(reference, 2);
                CodecSide peer = new LibTorchCodec(reference)) {
            float[] its = peer.decode(reference.codes(FRAMES));
            float loudest = 0;
            for (float sample : its) {
                loudest = Math.max(loudest, Math.abs(sample));
            }
            assertArrayEquals(its, encore.decode(reference.codes(FRAMES)), 1e-3f * loudest);
            float[] sound = reference.sound(FRAMES * reference.config().hop());
            int[][] mine = encore.encode(sound);
            int[][] codes = peer.encode(sound);
            assertEquals(codes.length, mine.length);
            assertArrayEquals(codes[0], mine[0], "the first codebook");
        }
    }
}
