package org.encore.trainer.profiling;

/**
 * How a run profiles its policy.
 *
 * @param every iterations between two profiles, the last iteration always having one; 0 is never
 * @param pieces held-out pieces that are damaged, at least 2
 * @param onset code at which the damage begins, at least 1
 * @param length damaged codes, at least 6: fewer have no assimilation
 */
public record Profiling(int every, int pieces, int onset, int length) {
    public Profiling {
        requireAtLeast("every", every, 0);
        requireAtLeast("pieces", pieces, 2);
        requireAtLeast("onset", onset, 1);
        requireAtLeast("length", length, 6);
    }

    /** Never; where it is switched on, 8 pieces with 50 codes damaged: less than 3 per cent of a run with every 10. */
    public static Profiling defaults() {
        return new Profiling(0, 8, 32, 50);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
