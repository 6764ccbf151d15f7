/**
 * The referee: recovers what a caption speaks of from the notes alone, and measures pieces.
 *
 * <p>Read first: {@link org.encore.music.analysis.Adherence} (does a piece do what was asked?) and
 * {@link org.encore.music.analysis.PieceAnalyser} (what is a piece like?); the definitions stand in
 * {@code org.encore.music.analysis.rules}. {@link org.encore.music.analysis.MusicalMeasures} and
 * {@link org.encore.music.analysis.Diversity} describe music; nothing here rewards them.
 *
 * <p>Invariants: any piece may be judged, also an empty one, which scores 0; the same piece always scores the same.
 *
 * <p>To change a score, see the package of the rules; to add a measure, add a component to {@code MusicalMeasures} with
 * its formula, unit and direction.
 */
package org.encore.music.analysis;
