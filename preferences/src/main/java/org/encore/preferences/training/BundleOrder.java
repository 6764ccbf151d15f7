package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;

/** Deals bundles into batches: in each pass over them every bundle comes once, in an order of its own. */
final class BundleOrder {
    private final RandomStreams streams;
    private final List<Bundle> bundles;
    private final int perStep;
    private List<Bundle> shuffled = List.of();
    private long shuffledPass = -1;

    /**
     * Chooses how many bundles make a batch.
     *
     * @param pairs votes of a batch, on average over a pass, as nearly as whole bundles allow
     */
    BundleOrder(RandomStreams streams, List<Bundle> bundles, int pairs) {
        this.streams = streams;
        this.bundles = List.copyOf(bundles);
        double votes =
                bundles.stream().mapToInt(bundle -> bundle.votes().size()).sum();
        this.perStep = (int) Math.max(1, Math.round(pairs * bundles.size() / votes));
    }

    /** The batch of a step, counted from 1; it depends on nothing else. */
    List<Bundle> batch(long step) {
        List<Bundle> batch = new ArrayList<>();
        for (long index = (step - 1) * perStep; index < step * perStep; index++) {
            batch.add(pass(index / bundles.size()).get((int) (index % bundles.size())));
        }
        return batch;
    }

    private List<Bundle> pass(long pass) {
        if (pass != shuffledPass) {
            List<Bundle> fresh = new ArrayList<>(bundles);
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
