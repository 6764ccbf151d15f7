package org.encore.music.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;

/**
 * Writes music of four voices as a grid: four codebooks, highest voice first, one frame a sixteenth note.
 *
 * <p>A code says which pitch a voice sounds in that sixteenth, or that it rests. Held and repeated notes have the same codes; decoding holds them. A frame in which any voice has {@link #END} ends the piece. A voice is identified by its instrument: string instruments, from violin down to double bass. Metre and tempo are not written; pieces
 * are read in 4/4 at {@value #TEMPO_BPM} quarter notes a minute.
 */
public final class VoiceCodec implements SymbolicCodec {
    /** The name of this codec. */
    public static final String NAME = "voices";

    /** The instruments of the voices, the highest first: violin, viola, cello, double bass. */
    public static final List<Instrument> VOICES =
            List.of(new Instrument(40), new Instrument(41), new Instrument(42), new Instrument(43));

    /** Ticks of a frame: a sixteenth note. */
    public static final int TICKS_PER_FRAME = Piece.TICKS_PER_QUARTER / 4;

    public static final int LOWEST_PITCH = 36;
    public static final int HIGHEST_PITCH = 81;

    /** The code of a silent voice. */
    public static final int REST = 0;

    /** The code of all voices in the frame after the last. */
    public static final int END = HIGHEST_PITCH - LOWEST_PITCH + 2;

    /** Number of codes of a voice. */
    public static final int CARDINALITY = END + 1;

    private static final int TEMPO_BPM = 80;
    private static final int VELOCITY = 84;

    private final Synthesiser synthesiser;

    public VoiceCodec(Synthesiser synthesiser) {
        this.synthesiser = synthesiser;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int codebooks() {
        return VOICES.size();
    }

    @Override
    public int cardinality() {
        return CARDINALITY;
    }

    @Override
    public OptionalInt uncountedCode() {
        return OptionalInt.of(END);
    }

    /**
     * Writes a piece, and {@link #END} in a frame of its own after it. A note sounds in every frame that it touches; where
     * notes of a voice overlap, the later onset wins, of equal onsets the higher pitch.
     *
     * @throws IllegalArgumentException if an instrument is no voice, or a pitch has no code
     */
    @Override
    public int[][] encode(Piece piece) {
        int frames = (piece.lengthTicks() + TICKS_PER_FRAME - 1) / TICKS_PER_FRAME;
        int[][] codes = new int[VOICES.size()][frames + 1];
        // Notes come in the order of their onsets, lower pitches first.
        for (Note note : piece.notes()) {
            int voice = VOICES.indexOf(note.instrument());
            if (voice < 0) {
                throw new IllegalArgumentException(
                        "a note is played by " + note.instrument().name() + ", but the four voices are "
                                + VOICES.stream().map(Instrument::name).toList());
            }
            int end = (note.end() + TICKS_PER_FRAME - 1) / TICKS_PER_FRAME;
            Arrays.fill(codes[voice], note.onset() / TICKS_PER_FRAME, end, codeOf(note.pitch()));
        }
        for (int[] voice : codes) {
            voice[frames] = END;
        }
        return codes;
    }

    /**
     * The code of a pitch.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static int codeOf(int pitch) {
        if (pitch < LOWEST_PITCH || pitch > HIGHEST_PITCH) {
            throw new IllegalArgumentException("a pitch is " + pitch + ", but must lie in [" + LOWEST_PITCH + ", "
                    + HIGHEST_PITCH + "] to have a code");
        }
        return pitch - LOWEST_PITCH + 1;
    }

    @Override
    public Piece piece(int[][] codes) {
        return read(codes);
    }

    @Override
    public Clip decode(int[][] codes) {
        Piece piece = read(codes);
        return Clip.of(piece, () -> synthesiser.render(piece));
    }

    /**
     * Reads codes as a piece: equal neighbours of a voice become one note; integers that are no codes are rests.
     *
     * @param codes {@code [4][F]}, any integers
     */
    public static Piece read(int[][] codes) {
        int frames = framesBeforeEnd(codes);
        List<Note> notes = new ArrayList<>();
        for (int voice = 0; voice < codes.length; voice++) {
            int start = 0;
            for (int t = 1; t <= frames; t++) {
                if (t == frames || codes[voice][t] != codes[voice][start]) {
                    addNote(notes, VOICES.get(voice), codes[voice][start], start, t);
                    start = t;
                }
            }
        }
        return new Piece(TEMPO_BPM, Meter.FOUR_FOUR, notes);
    }

    private static void addNote(List<Note> notes, Instrument voice, int code, int from, int to) {
        if (code > REST && code < END) {
            int onset = from * TICKS_PER_FRAME;
            notes.add(new Note(voice, onset, to * TICKS_PER_FRAME - onset, code + LOWEST_PITCH - 1, VELOCITY));
        }
    }

    /** Frames before the first in which a voice has {@link #END}. */
    @Override
    public int validFrames(int[][] codes) {
        return framesBeforeEnd(codes);
    }

    private static int framesBeforeEnd(int[][] codes) {
        if (codes.length != VOICES.size()) {
            throw new IllegalArgumentException(
                    "codes have " + codes.length + " codebooks, but voices are written in " + VOICES.size());
        }
        for (int t = 0; t < codes[0].length; t++) {
            for (int[] voice : codes) {
                if (voice[t] == END) {
                    return t;
                }
            }
        }
        return codes[0].length;
    }
}
