/**
 * One rule for every aspect of a caption: how well a piece fits each of its values, and why.
 *
 * <p>Read first: {@link org.encore.music.analysis.rules.BandRule} (the simplest) and
 * {@link org.encore.music.analysis.rules.BeatRhythm} with {@link org.encore.music.analysis.rules.StyleRule}.
 *
 * <p>Legend: scores and likenesses lie in [0, 1]; time in ticks, twelve to a quarter note; a pitch class is a key modulo
 * twelve.
 *
 * <p>Invariants: every rule accepts every piece and gives 0 without notes; cost is linear in the notes,
 * up to sorting.
 *
 * <p>To change what an attribute means, change its rule and its formula in the Javadoc, and run {@code RecoverabilityTest}: it checks that the attributes of the études are still recovered.
 */
package org.encore.music.analysis.rules;
