package org.encore.preferences.listening.turns;

import org.encore.preferences.store.StoredPair;

/**
 * A pair that can be laid before listeners.
 *
 * @param pair as the store has it; clip a is of the first system of the match
 * @param match number of the two systems that are compared
 */
public record Card(StoredPair pair, int match) {}
