/**
 * Recovers the attributes that captions mention from the notes alone, and measures pieces.
 *
 * <p>Read first: {@link org.encore.music.analysis.Adherence} (does a piece follow its caption?) and
 * {@link org.encore.music.analysis.PieceAnalyser} (the attributes of a piece); the definitions are in
 * {@code org.encore.music.analysis.rules}. {@link org.encore.music.analysis.MusicalMeasures} and
 * {@link org.encore.music.analysis.Diversity} describe music and are not rewards.
 *
 * <p>Invariants: every piece can be scored; an empty one scores 0; the same piece always scores the same.
 *
 * <p>To change a score, see the package of the rules; to add a measure, add a component to {@code MusicalMeasures} with
 * its formula, unit and direction.
 */
package org.encore.music.analysis;
