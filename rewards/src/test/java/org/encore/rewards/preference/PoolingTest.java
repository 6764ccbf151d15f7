package org.encore.rewards.preference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.encore.rewards.preference.NetworkScores.Pooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PoolingTest {
    private static final double[] ROWS = {9.0, 1.0, 2.0, 6.0, 100.0};

    @Test
    void onlyTheStepsThatCountArePooled() {
        assertEquals(3.0, Pooling.MEAN.pooled(ROWS, 1, 3), 1e-12);
        assertEquals(6.0, Pooling.LAST.pooled(ROWS, 1, 3));
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void weightsSumToOne(Pooling pooling) {
        assertEquals(
                1.0,
                IntStream.range(0, 7)
                        .mapToDouble(step -> pooling.weight(step, 7))
                        .sum(),
                1e-12);
    }
}
