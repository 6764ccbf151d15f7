package org.encore.music.degradation;

import java.util.random.RandomGenerator;
import org.encore.music.Piece;

/** Spoils the notes: what a player, or a policy, can do wrong. */
public sealed interface MusicalDegradation extends Degradation permits WrongNotes, StuckLoop, Gap, Clutter {
    /**
     * Spoils a piece.
     *
     * @param strength in [0, 1]; 0 gives the piece itself
     * @param random decides where; a fresh stream of the clip for each call
     * @return as long as the piece, or as good as
     */
    Piece apply(Piece piece, double strength, RandomGenerator random);
}
