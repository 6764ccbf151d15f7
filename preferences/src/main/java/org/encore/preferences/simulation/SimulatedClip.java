package org.encore.preferences.simulation;

import org.encore.music.Piece;
import org.encore.music.text.Prompt;

/**
 * A clip that simulated raters hear.
 *
 * @param prompt what it was made for
 * @param promptNumber number of the prompt; clips of one prompt can be compared
 * @param system who made it
 * @param piece its notes
 */
public record SimulatedClip(Prompt prompt, int promptNumber, String system, Piece piece) {}
