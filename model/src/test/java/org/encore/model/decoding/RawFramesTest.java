package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.encore.model.decoding.CodeLayout.RawFrames;
import org.junit.jupiter.api.Test;

class RawFramesTest {
    @Test
    void framesAreShiftedByOneAndNothingElse() {
        RawFrames raw = new RawFrames(2, 99);
        int[][] codes = {{1, 2, 3}, {4, 5, 6}};
        assertEquals(2, raw.steps(3));
        assertArrayEquals(new int[][] {{1, 2}, {4, 5}}, raw.inputs(codes));
        assertArrayEquals(new int[][] {{2, 3}, {5, 6}}, raw.targets(codes));
    }

    /** Wherever a layout says that a code is predicted, its targets have that code. */
    @Test
    void everyLayoutPredictsACodeWhereItSays() {
        int[][] codes = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
        for (CodeLayout layout : new CodeLayout[] {new RawFrames(3, 99), new DelayPattern(3, 99)}) {
            int predicted = 0;
            for (int k = 0; k < 3; k++) {
                for (int f = 0; f < 4; f++) {
                    int step = layout.step(k, f);
                    if (step != DelayPattern.NO_TARGET) {
                        assertEquals(codes[k][f], layout.targets(codes)[k][step]);
                        predicted++;
                    }
                }
            }
            assertEquals(layout instanceof RawFrames ? 9 : 12, predicted);
        }
    }
}
