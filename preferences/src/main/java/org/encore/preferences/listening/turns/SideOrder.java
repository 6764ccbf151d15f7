package org.encore.preferences.listening.turns;

import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;

/**
 * Which clip of a pair stands on which side.
 *
 * <p>Permuted blocks: of every four turns of a match, two show the clip of the first system as A and two as B, in an
 * order that is drawn for each block. So the sides are balanced at every moment to within two turns, and nobody can tell
 * the next from those before.
 *
 * @param streams the randomness of the test
 */
record SideOrder(RandomStreams streams) {
    private static final int BLOCK = 4;

    /**
     * Whether the clip of the first system is A on the page.
     *
     * @param match number of the two systems
     * @param turn how many turns of this match came before
     */
    boolean isFirstOnA(int match, int turn) {
        int block = turn / BLOCK;
        RandomGenerator random = streams.stream(Purpose.LISTENING_SIDES, match, block);
        int left = BLOCK / 2;
        boolean first = false;
        for (int i = 0; i <= turn % BLOCK; i++) {
            // Draws without replacement: of what is left in the block, each is as likely.
            first = random.nextInt(BLOCK - i) < left;
            left -= first ? 1 : 0;
        }
        return first;
    }
}
