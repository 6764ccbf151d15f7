package org.encore.music.etudes;

import org.encore.music.Piece;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;

/**
 * A piece, its caption, and everything that is true of it.
 *
 * @param prompt the caption; mentions a part of the truth
 * @param truth every attribute
 * @param piece the music
 */
public record Etude(Prompt prompt, Attributes truth, Piece piece) {}
