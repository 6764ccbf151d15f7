package org.encore.base.random;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Counter-based randomness: every stream is a pure function of the seed, its purpose and its indices.
 *
 * <p>Resuming needs no generator state, evaluation cannot disturb training, and the order of threads does not matter.
 *
 * @param seed the run's seed
 */
public record RandomStreams(long seed) {
    /** What a stream is for; two purposes never share randomness. */
    public enum Purpose {
        INITIALISATION(1),
        COMPOSITION(2),
        CAPTION(3),
        DATA_ORDER(4),
        CONDITION_DROPOUT(5),
        PROMPTS(6),
        SAMPLING(7),
        EVALUATION(8),
        BOOTSTRAP(9),
        NOISE(10),
        CAPTION_NOISE(11),
        DROPOUT(12),
        LISTENING_ORDER(13),
        LISTENING_SIDES(14),
        DEGRADATION(15),
        RATING(16),
        ADAPTERS(17),
        VALUE(18);

        /** Part of every stream's identity: never renumber, only append. */
        private final long code;

        Purpose(long code) {
            this.code = code;
        }
    }

    /**
     * Opens a stream.
     *
     * @param purpose what the numbers are for
     * @param indices step, sample and so on: what distinguishes the stream within its purpose
     * @return a fresh generator; the same arguments always give the same numbers
     */
    public RandomGenerator stream(Purpose purpose, long... indices) {
        long state = mix(seed ^ 0x9E3779B97F4A7C15L);
        state = mix(state + 0x632BE59BD9B4E019L * purpose.code);
        for (long index : indices) {
            state = mix(state * 0xD1342543DE82EF95L + index + 1);
        }
        return new SplittableRandom(state);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
