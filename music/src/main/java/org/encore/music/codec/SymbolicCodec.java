package org.encore.music.codec;

import java.util.OptionalInt;
import org.encore.music.Piece;

/** A codec of notes: it also encodes pieces, so that a model can be trained on them. */
public interface SymbolicCodec extends AudioCodec {
    /**
     * Encodes a piece.
     *
     * @return {@code [K][F]}
     * @throws IllegalArgumentException if the codec has no codes for the piece
     */
    int[][] encode(Piece piece);

    /**
     * The notes of {@link #decode}, without sound.
     *
     * @param codes {@code [K][F]}, any integers
     */
    Piece piece(int[][] codes);

    /**
     * A code that only marks the end of a piece and is left out of likelihoods, if there is one; all other codes of {@link #encode} count.
     */
    default OptionalInt uncountedCode() {
        return OptionalInt.empty();
    }
}
