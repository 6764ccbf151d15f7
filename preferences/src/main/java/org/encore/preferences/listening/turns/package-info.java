/**
 * Who hears which pair next, on which side, and what they have heard of it.
 *
 * <p>Read first: {@link org.encore.preferences.listening.turns.Deck}, then
 * {@link org.encore.preferences.listening.turns.Turn} and {@link org.encore.preferences.listening.turns.Turn.ListeningTime}.
 *
 * <p>Legend: a turn is one pair laid before one listener; a match is two systems that are compared, whatever the prompt;
 * the sides of a turn are 0 (A on the page) and 1 (B on the page), which say nothing about clips a and b of the stored
 * pair.
 *
 * <p>Invariants: in every four turns of a match either system is on either side twice; nobody gets a pair twice; names
 * that a page sees are secrets of one turn.
 *
 * <p>To change which pair comes next, see {@link org.encore.preferences.listening.turns.Deck}; to change when a choice
 * is open, see {@link org.encore.preferences.listening.turns.Turn.ListeningTime}.
 */
package org.encore.preferences.listening.turns;
