package org.encore.music.codec.notes;

import java.util.Optional;
import java.util.OptionalInt;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;

/** The codec of note events: pieces in the {@link NoteLanguage}, rendered by a {@link Synthesiser}. */
public final class NoteCodec implements SymbolicCodec {
    /** The name of this codec. */
    public static final String NAME = "notes";

    private final Synthesiser synthesiser;

    public NoteCodec(Synthesiser synthesiser) {
        this.synthesiser = synthesiser;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int codebooks() {
        return 1;
    }

    @Override
    public int cardinality() {
        return NoteVocabulary.size();
    }

    @Override
    public OptionalInt endCode() {
        return OptionalInt.of(NoteLanguage.END);
    }

    /**
     * Writes a piece, {@link NoteLanguage#quantised} first, as codes.
     *
     * @return {@code [1][F]}, closed by {@link NoteLanguage#END}
     * @throws IllegalArgumentException if a note starts after bar {@link NoteLanguage#MAX_BARS}
     */
    @Override
    public int[][] encode(Piece piece) {
        return new int[][] {NoteLanguage.write(piece)};
    }

    /** The notes of the codes: a piece that is its own {@link NoteLanguage#quantised} form. */
    @Override
    public Piece piece(int[][] codes) {
        return NoteLanguage.read(onlyRow(codes));
    }

    @Override
    public Clip decode(int[][] codes) {
        Piece piece = piece(codes);
        return Clip.of(piece, () -> synthesiser.render(piece));
    }

    @Override
    public int validFrames(int[][] codes) {
        return NoteLanguage.validFrames(onlyRow(codes));
    }

    @Override
    public Optional<double[]> seconds(int[][] codes) {
        return Optional.of(NoteLanguage.seconds(onlyRow(codes)));
    }

    /** The pitch is the last code of a note. */
    @Override
    public boolean completes(int code) {
        return code >= 0 && code < NoteVocabulary.size() && NoteVocabulary.kindOf(code) == CodeKind.PITCH;
    }

    private static int[] onlyRow(int[][] codes) {
        if (codes.length != 1) {
            throw new IllegalArgumentException("codes have " + codes.length + " codebooks, but notes are written in 1");
        }
        return codes[0];
    }
}
