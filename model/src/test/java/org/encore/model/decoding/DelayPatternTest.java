package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DelayPatternTest {
    private static final int S = 99;
    private static final int N = DelayPattern.NO_TARGET;

    @Test
    void oneCodebookIsPlainNextCodePrediction() {
        DelayPattern pattern = new DelayPattern(1, S);
        int[][] codes = {{5, 6, 7}};
        assertEquals(3, pattern.steps(3));
        assertArrayEquals(new int[][] {{S, 5, 6}}, pattern.inputs(codes));
        assertArrayEquals(new int[][] {{5, 6, 7}}, pattern.targets(codes));
        assertArrayEquals(codes, pattern.codes(pattern.targets(codes)));
    }

    /** A prediction at a step has read the inputs up to that step. */
    @Test
    void aCodeIsPredictedFromEarlierCodebooksOfItsFrameAndFromLaterOnesOfEarlierFrames() {
        DelayPattern pattern = new DelayPattern(4, S);
        int[][] codes = new int[4][10];
        for (int k = 0; k < 4; k++) {
            for (int f = 0; f < 10; f++) {
                codes[k][f] = 100 * k + f;
            }
        }
        int[][] inputs = pattern.inputs(codes);
        int[][] targets = pattern.targets(codes);
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 4; j++) {
                int frame = 5;
                int step = frame + k;
                assertEquals(100 * k + frame, targets[k][step]);
                assertEquals(100 * j + frame + k - j - 1, inputs[j][step], k + " sees of " + j);
            }
        }
        // Soprano, alto and tenor of the same frame are visible to the bass; none of the others is visible to the
        // soprano.
        assertEquals(100 * 2 + 5, inputs[2][5 + 3]);
        assertEquals(100 * 1 + 3, inputs[1][5]);
    }

    /** The paper's picture for four codebooks and three frames: codebook k is delayed by k steps. */
    @Test
    void fourCodebooksRunOneStepBehindEachOther() {
        DelayPattern pattern = new DelayPattern(4, S);
        int[][] codes = {{11, 12, 13}, {21, 22, 23}, {31, 32, 33}, {41, 42, 43}};
        assertEquals(6, pattern.steps(3));
        assertEquals(3, pattern.frames(6));
        int[][] inputs = {
            {S, 11, 12, 13, S, S},
            {S, S, 21, 22, 23, S},
            {S, S, S, 31, 32, 33},
            {S, S, S, S, 41, 42}
        };
        int[][] targets = {
            {11, 12, 13, N, N, N},
            {N, 21, 22, 23, N, N},
            {N, N, 31, 32, 33, N},
            {N, N, N, 41, 42, 43}
        };
        assertArrayEquals(inputs, pattern.inputs(codes));
        assertArrayEquals(targets, pattern.targets(codes));
        assertArrayEquals(codes, pattern.codes(targets));
        for (int k = 0; k < 4; k++) {
            for (int t = 0; t < 6; t++) {
                assertEquals(targets[k][t] != N, pattern.hasCode(k, t, 3), k + ", " + t);
            }
        }
    }

    /** Stereo: the left and right codebooks of a pair are delayed alike. */
    @Test
    void channelsOfAPairRunTogether() {
        DelayPattern pattern = new DelayPattern(4, 2, S);
        int[][] codes = {{11, 12, 13}, {21, 22, 23}, {31, 32, 33}, {41, 42, 43}};
        assertEquals(4, pattern.steps(3));
        assertEquals(3, pattern.frames(4));
        assertEquals(3, pattern.step(2, 2));
        assertArrayEquals(
                new int[][] {{S, 11, 12, 13}, {S, 21, 22, 23}, {S, S, 31, 32}, {S, S, 41, 42}}, pattern.inputs(codes));
        int[][] targets = {{11, 12, 13, N}, {21, 22, 23, N}, {N, 31, 32, 33}, {N, 41, 42, 43}};
        assertArrayEquals(targets, pattern.targets(codes));
        assertArrayEquals(codes, pattern.codes(targets));
        for (int k = 0; k < 4; k++) {
            for (int t = 0; t < 4; t++) {
                assertEquals(targets[k][t] != N, pattern.hasCode(k, t, 3), k + ", " + t);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new DelayPattern(3, 2, S));
    }

    @Test
    void oneFrame() {
        DelayPattern pattern = new DelayPattern(2, S);
        int[][] codes = {{1}, {2}};
        assertArrayEquals(new int[][] {{S, 1}, {S, S}}, pattern.inputs(codes));
        assertArrayEquals(new int[][] {{1, N}, {N, 2}}, pattern.targets(codes));
        assertArrayEquals(codes, pattern.codes(pattern.targets(codes)));
        DelayPattern plain = new DelayPattern(1, S);
        assertArrayEquals(new int[][] {{S}}, plain.inputs(new int[][] {{4}}));
        assertArrayEquals(new int[][] {{4}}, plain.targets(new int[][] {{4}}));
    }
}
