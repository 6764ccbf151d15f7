package org.encore.benchmarks.engines;

/**
 * The largest pass an engine is made for.
 *
 * @param sequences sequences B
 * @param steps steps T of each
 */
public record Room(int sequences, int steps) {
    public Room {
        if (sequences < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "sequences and steps must be at least 1, but are " + sequences + " and " + steps);
        }
    }
}
