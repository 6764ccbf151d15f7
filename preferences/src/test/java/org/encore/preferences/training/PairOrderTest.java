package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.random.RandomStreams;
import org.junit.jupiter.api.Test;

final class PairOrderTest {
    @Test
    void everyPassHoldsEveryVoteOnceInAnOrderOfItsOwn() {
        List<Comparison> votes = IntStream.range(0, 12)
                .mapToObj(i -> new Comparison(i, i + 1, 1, "r"))
                .toList();
        PairOrder order = new PairOrder(new RandomStreams(1), votes, 4);
        List<Comparison> first = new ArrayList<>();
        List<Comparison> second = new ArrayList<>();
        for (int step = 1; step <= 3; step++) {
            first.addAll(order.batch(step));
            second.addAll(order.batch(step + 3));
        }
        assertEquals(new HashSet<>(votes), new HashSet<>(first));
        assertEquals(new HashSet<>(votes), new HashSet<>(second));
        assertNotEquals(first, second);
        assertEquals(first.subList(4, 8), new PairOrder(new RandomStreams(1), votes, 4).batch(2));
    }
}
