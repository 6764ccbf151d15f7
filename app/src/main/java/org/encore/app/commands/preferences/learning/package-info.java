/**
 * Commands that simulate votes, learn a reward from votes and measure it.
 *
 * <p>Read first: {@link org.encore.app.commands.preferences.learning.PreferenceTrainCommand}.
 *
 * <p>Invariants: figures of a model are of votes that it has not learned from, and whoever prints them also says when they
 * are no better than chance.
 *
 * <p>To change how figures are written, change {@code AccuracyText}.
 */
package org.encore.app.commands.preferences.learning;
