package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;

/** Deals votes into batches: in each pass over them every vote comes once, in an order of its own. */
final class PairOrder {
    private final RandomStreams streams;
    private final List<Comparison> comparisons;
    private final int size;
    private List<Comparison> shuffled = List.of();
    private long shuffledPass = -1;

    PairOrder(RandomStreams streams, List<Comparison> comparisons, int size) {
        this.streams = streams;
        this.comparisons = comparisons;
        this.size = size;
    }

    /** The batch of a step, counted from 1; it depends on nothing else. */
    List<Comparison> batch(long step) {
        List<Comparison> batch = new ArrayList<>();
        for (long index = (step - 1) * size; index < step * size; index++) {
            batch.add(pass(index / comparisons.size()).get((int) (index % comparisons.size())));
        }
        return batch;
    }

    private List<Comparison> pass(long pass) {
        if (pass != shuffledPass) {
            List<Comparison> fresh = new ArrayList<>(comparisons);
            RandomGenerator random = streams.stream(Purpose.DATA_ORDER, pass);
            for (int i = fresh.size() - 1; i > 0; i--) {
                Collections.swap(fresh, i, random.nextInt(i + 1));
            }
            shuffled = fresh;
            shuffledPass = pass;
        }
        return shuffled;
    }
}
