package org.encore.music.corpus;

import java.util.Objects;
import org.encore.music.Piece;
import org.encore.music.text.Prompt;

/**
 * A piece and the caption that asks for it.
 *
 * @param prompt the caption
 * @param piece the music, its own quantised form
 */
public record CaptionedPiece(Prompt prompt, Piece piece) {
    public CaptionedPiece {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(piece, "piece");
    }
}
