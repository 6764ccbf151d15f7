/**
 * Shows what a policy played: a player, the notes as a piano roll, and what the rewards said about it.
 *
 * <p>Read first: {@link org.encore.app.report.samples.SampleSets}, then {@link
 * org.encore.app.report.samples.SampleGallery}.
 *
 * <p>In a piano roll, x is the time in ticks and y is the pitch, downwards from the highest.
 *
 * <p>Invariant: a file that is missing or broken costs its own part of the page and nothing else.
 *
 * <p>To change the colours of the instruments, change {@link org.encore.app.report.samples.PianoRoll.FamilyColour} and the style
 * sheet.
 */
package org.encore.app.report.samples;
