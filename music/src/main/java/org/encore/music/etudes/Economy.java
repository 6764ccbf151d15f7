package org.encore.music.etudes;

import java.util.List;
import java.util.stream.IntStream;

/** How much a composer saves so that a piece fits in its codes; the melody is never touched. */
enum Economy {
    /** Everything the groove asks for. */
    NONE(8, 4),
    /** Two hits of each accompanying part a bar. */
    SOME(2, 2),
    /** One hit of each accompanying part a bar. */
    STRICT(1, 1);

    private final int hitsPerBar;
    private final int drumHitsPerBar;

    Economy(int hitsPerBar, int drumHitsPerBar) {
        this.hitsPerBar = hitsPerBar;
        this.drumHitsPerBar = drumHitsPerBar;
    }

    /** The hits of a bar that chords or bass may play: evenly spread over it. */
    List<Integer> sparing(List<Integer> ticks) {
        return spread(ticks, hitsPerBar);
    }

    /** The hits of a bar that drums may play. */
    <T> List<T> sparingDrums(List<T> hits) {
        return spread(hits, drumHitsPerBar);
    }

    private static <T> List<T> spread(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        return IntStream.range(0, most)
                .mapToObj(i -> all.get(i * all.size() / most))
                .toList();
    }
}
