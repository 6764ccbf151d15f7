package org.encore.music.corpus;

import java.util.concurrent.atomic.AtomicReference;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;

/** Endless passes over a number of items, each in an order of its own; safe to use from several threads. */
final class Passes {
    private final RandomStreams streams;
    private final int count;
    private final AtomicReference<Order> last = new AtomicReference<>();

    /** @param count items, at least 1 */
    Passes(RandomStreams streams, int count) {
        this.streams = streams;
        this.count = count;
    }

    @SuppressWarnings("ArrayRecordComponent") // read here alone, never compared
    private record Order(long pass, int[] items) {}

    /** The item of an index: a function of seed, count and index. */
    int at(long index) {
        long pass = index / count;
        Order order = last.get();
        if (order == null || order.pass() != pass) {
            int[] items = new int[count];
            for (int i = 0; i < count; i++) {
                items[i] = i;
            }
            Shuffle.inPlace(items, streams.stream(Purpose.PROMPTS, pass));
            order = new Order(pass, items);
            last.set(order);
        }
        return order.items()[(int) (index % count)];
    }
}
