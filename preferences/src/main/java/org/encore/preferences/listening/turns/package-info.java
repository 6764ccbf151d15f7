/**
 * The next pair of a listener, the sides of its clips, and the listening time.
 *
 * <p>Read first: {@link org.encore.preferences.listening.turns.Deck}, then {@link
 * org.encore.preferences.listening.turns.Turn} and {@link org.encore.preferences.listening.turns.Turn.ListeningTime}.
 *
 * <p>Legend: a turn is one pair presented to one listener; a match is two systems that are compared, for all prompts;
 * the sides of a turn are 0 (A on the page) and 1 (B on the page), which are independent of clips a and b of the stored
 * pair.
 *
 * <p>Invariants: in every four turns of a match, each system is on each side twice; no listener gets a pair twice; ids
 * that a page receives are random and valid for one turn.
 *
 * <p>To change which pair comes next, see {@link org.encore.preferences.listening.turns.Deck}; to change when voting is
 * allowed, see {@link org.encore.preferences.listening.turns.Turn.ListeningTime}.
 */
package org.encore.preferences.listening.turns;
