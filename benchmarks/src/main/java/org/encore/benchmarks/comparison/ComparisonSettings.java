package org.encore.benchmarks.comparison;

import java.util.List;
import org.encore.benchmarks.engines.Work;

/**
 * What to compare.
 *
 * @param works in this order
 * @param runs timed repetitions of each side
 * @param warmUps repetitions before, which do not count
 */
public record ComparisonSettings(List<Work> works, int runs, int warmUps) {
    /** Timed repetitions of each of the peer's thread settings, of which the faster is kept. */
    static final int TRIALS = 2;

    private static final int MOST = 1000;

    public ComparisonSettings {
        works = List.copyOf(works);
        if (works.isEmpty()) {
            throw new IllegalArgumentException("there is no work to compare: name at least one");
        }
        if (works.stream().distinct().count() < works.size()) {
            throw new IllegalArgumentException("a work is named twice: name each once");
        }
        require("runs", runs);
        require("warmUps", warmUps);
    }

    private static void require(String name, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [1, " + MOST + "]");
        }
    }

    /** Repetitions of all works together. */
    int repetitions(int threadSettings) {
        return works.size() * (threadSettings * (warmUps + TRIALS) + warmUps + 2 * runs);
    }
}
