package org.encore.evaluation.perturbation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.Codes;
import org.encore.evaluation.perturbation.Perturbation.BlockOrder;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.perturbation.Perturbation.Perturbations;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.evaluation.perturbation.Perturbation.ShuffledBlocks;
import org.encore.evaluation.perturbation.Perturbation.UniformCodes;
import org.encore.evaluation.perturbation.Perturbation.UnigramCodes;
import org.encore.evaluation.perturbation.WaveformSplice.WaveformNoise;
import org.encore.evaluation.perturbation.WaveformSplice.WaveformShuffle;
import org.encore.music.audio.NoiseColour;
import org.encore.music.codec.AudioCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is damaged, what is not, and what it is damaged with. */
class PerturbationTest {
    private static final int FRAMES = 50;
    private static final int CARDINALITY = 100;

    /** Piece p holds the codes 30 p, 30 p + 1, … so that every code tells where it is from. */
    private static Material material(AudioCodec codec) {
        List<int[][]> pieces = IntStream.range(0, 3)
                .mapToObj(p -> new int[][] {
                    IntStream.range(0, FRAMES).map(f -> 20 * p + f).toArray()
                })
                .toList();
        return new Material(codec, pieces, new RandomStreams(1));
    }

    private static Stream<Perturbation> all() {
        return Perturbations.all(-12).stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void changesItsWindowAndNothingElse(Perturbation perturbation) {
        Material material = material(Codes.audible(CARDINALITY));
        Perturbed changed = perturbation.apply(material, 1, 10, 8);
        int[] clean = material.piece(1)[0];
        assertEquals(10, changed.first());
        assertEquals(FRAMES, changed.codes()[0].length);
        int different = 0;
        for (int f = 0; f < FRAMES; f++) {
            boolean inside = f >= changed.first() && f < changed.end();
            assertTrue(inside || clean[f] == changed.codes()[0][f], perturbation.name() + " changed frame " + f);
            different += clean[f] == changed.codes()[0][f] ? 0 : 1;
        }
        assertTrue(different >= 6, perturbation.name() + " changed only " + different);
        assertArrayEquals(IntStream.range(0, FRAMES).map(f -> 20 + f).toArray(), clean, "the clean piece");
        assertArrayEquals(
                changed.codes()[0], perturbation.apply(material, 1, 10, 8).codes()[0], "same seed, same codes");
        assertTrue(!perturbation.isNoise() || changed.end() == 18);
        assertEquals(perturbation, Perturbations.named(perturbation.name(), -12));
    }

    @Test
    void noiseOfAShortWindowBeginsThatOfALongOne() {
        Material material = material(Codes.of(1, CARDINALITY));
        for (Perturbation noise : List.of(new UniformCodes(), new UnigramCodes(), new OtherPiece())) {
            int[] brief = noise.apply(material, 0, 5, 7).codes()[0];
            int[] longer = noise.apply(material, 0, 5, 30).codes()[0];
            assertArrayEquals(Arrays.copyOf(brief, 12), Arrays.copyOf(longer, 12), noise.name());
        }
    }

    @Test
    void drawsFromWhatItSays() {
        Material material = material(Codes.of(1, CARDINALITY));
        int[] unigrams = new UnigramCodes().apply(material, 0, 0, FRAMES).codes()[0];
        assertTrue(Arrays.stream(unigrams).allMatch(code -> code < 90), "only codes of the pieces");
        int[] uniform = new UniformCodes().apply(material, 0, 0, FRAMES).codes()[0];
        assertTrue(Arrays.stream(uniform).anyMatch(code -> code >= 90), "codes of no piece, too");
        int[] other = new OtherPiece().apply(material, 2, 10, 20).codes()[0];
        int shift = other[10] - 10;
        assertTrue(shift == 0 || shift == 20, "from piece 0 or 1, at the same place");
        for (int f = 10; f < 30; f++) {
            assertEquals(shift + f, other[f]);
        }
    }

    @Test
    void adjacentBlocksSwapUpToTheLastWholePair() {
        Material material = material(Codes.of(1, CARDINALITY));
        Perturbed shuffled = new ShuffledBlocks(BlockOrder.ADJACENT).apply(material, 0, 10, 8);
        // Two pairs of 16 fit before the last code: 10 to 26 and 26 to 42.
        int[] expected = IntStream.range(0, FRAMES)
                .map(f -> f < 10 || f >= 42 ? f : (f - 10) % 16 < 8 ? f + 8 : f - 8)
                .toArray();
        assertArrayEquals(expected, shuffled.codes()[0]);
        assertEquals(42, shuffled.end());
    }

    @Test
    void randomBlocksMoveAFifthAndDifferFromPieceToPiece() {
        Material material = material(Codes.of(1, CARDINALITY));
        ShuffledBlocks shuffle = new ShuffledBlocks(BlockOrder.RANDOM);
        int moved = 0;
        int[] codes = shuffle.apply(material, 0, 1, 2).codes()[0];
        for (int f = 0; f < FRAMES; f++) {
            moved += codes[f] == f ? 0 : 1;
        }
        // A fifth of 48 codes is 9.6, or 2.4 pairs of 4: two pairs.
        assertEquals(8, moved);
        int[] places = IntStream.range(0, 3)
                .map(piece -> shuffle.apply(material, piece, 1, 2).first())
                .toArray();
        assertNotEquals(1, Arrays.stream(places).distinct().count(), "all in one place");
    }

    @Test
    void soundIsReplacedAndNotMixed() {
        Material material = material(Codes.audible(CARDINALITY));
        // -120 dB is silence to this codec, which hears code 0.
        int[] codes = new WaveformNoise(NoiseColour.WHITE, -120)
                .apply(material, 1, 10, 8)
                .codes()[0];
        for (int f = 10; f < 18; f++) {
            assertEquals(0, codes[f]);
        }
        int[] swapped = new WaveformShuffle(BlockOrder.ADJACENT)
                .apply(material, 1, 10, 8)
                .codes()[0];
        assertArrayEquals(
                new ShuffledBlocks(BlockOrder.ADJACENT)
                        .apply(material, 1, 10, 8)
                        .codes()[0],
                swapped);
    }

    @Test
    void refusesWhatCannotBe() {
        Material material = material(Codes.of(1, CARDINALITY));
        Perturbation noise = new WaveformNoise(NoiseColour.PINK, -20);
        String message = assertThrows(IllegalArgumentException.class, () -> noise.requireUsable(material.codec()))
                .getMessage();
        assertTrue(message.startsWith("the perturbation pink changes the waveform and needs a codec"), message);
        assertThrows(IllegalArgumentException.class, () -> noise.apply(material, 0, 10, 8));
        assertThrows(IllegalArgumentException.class, () -> new UniformCodes().apply(material, 0, 45, 6));
        assertThrows(
                IllegalArgumentException.class, () -> new ShuffledBlocks(BlockOrder.RANDOM).apply(material, 0, 0, 25));
        assertThrows(IllegalArgumentException.class, () -> Perturbations.named("loud", -12));
        assertThrows(IllegalArgumentException.class, () -> new WaveformNoise(NoiseColour.BLUE, 1));
    }
}
