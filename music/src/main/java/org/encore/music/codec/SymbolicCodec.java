package org.encore.music.codec;

import java.util.OptionalInt;
import org.encore.music.Piece;

/** A codec whose codes are written notes, so that pieces can be learned from. */
public interface SymbolicCodec extends AudioCodec {
    /**
     * Writes a piece as codes.
     *
     * @return {@code [K][F]}
     * @throws IllegalArgumentException if the codec has no codes for the piece
     */
    int[][] encode(Piece piece);

    /**
     * Reads codes as a piece: the notes of {@link #decode}, without sound.
     *
     * @param codes {@code [K][T]}, any integers
     */
    Piece piece(int[][] codes);

    /**
     * The code that only marks where a piece ends and that a likelihood leaves out, if there is one; every other code of
     * {@link #encode} counts.
     */
    default OptionalInt uncountedCode() {
        return OptionalInt.empty();
    }
}
