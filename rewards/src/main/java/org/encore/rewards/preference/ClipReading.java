package org.encore.rewards.preference;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;

/**
 * The part of a clip that a model reads.
 *
 * @param caption whether the model reads the caption
 * @param seconds length of the beginning of the clip that the model reads; 0 for the whole clip
 */
public record ClipReading(Caption caption, double seconds) {
    /** Whether the caption is read. */
    public enum Caption {
        READ,
        HIDDEN
    }

    public ClipReading {
        if (!(seconds >= 0.0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(
                    "seconds is " + seconds + ", but must be a finite number, at least 0; 0 reads the whole clip");
        }
    }

    /** The whole clip with its caption. */
    public static ClipReading defaults() {
        return new ClipReading(Caption.READ, 0.0);
    }

    /**
     * Encodes the part of a piece that the model reads.
     *
     * @param prompt the caption
     * @param codec the model's
     * @param mostFrames longest clip of the model, in frames; longer ones are truncated
     */
    public CodeSequence read(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        return read(codec.encode(seconds == 0.0 ? piece : beginning(piece)), prompt, mostFrames);
    }

    /**
     * Encodes the windows of a piece that the model reads.
     *
     * <p>A clip longer than the model's window is read as two windows, as in the paper: its beginning and its end. The
     * second window starts with a bar, is not longer than the first, and reaches the end also where that has more notes. The
     * paper's window is 20 s; ours is as long as
     * the model has positions.
     *
     * @param codec the model's
     * @param mostFrames longest clip of the model, in frames
     * @return one sequence, or two whose scores are to be averaged
     */
    public List<CodeSequence> windows(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        int[][] codes = codec.encode(piece);
        CodeSequence beginning = read(piece, prompt, codec, mostFrames);
        if (seconds != 0.0 || codes[0].length <= mostFrames) {
            return List.of(beginning);
        }
        int covered = codec.piece(beginning.codes()).lengthTicks();
        int bar = piece.meter().ticksPerBar();
        int lastBar = (piece.lengthTicks() - 1) / bar * bar;
        int start = Math.min(lastBar, Math.floorDiv(Math.max(0, piece.lengthTicks() - covered) + bar - 1, bar) * bar);
        Piece end = from(piece, start);
        while (start < lastBar && !fits(end, prompt, codec, mostFrames)) {
            start += bar;
            end = from(piece, start);
        }
        // A last bar of more notes than the window has room for loses its first ones.
        while (end.notes().size() > 1 && !fits(end, prompt, codec, mostFrames)) {
            end = new Piece(
                    end.tempoBpm(),
                    end.meter(),
                    end.notes().subList(1, end.notes().size()));
        }
        return List.of(beginning, read(end, prompt, codec, mostFrames));
    }

    /** Whether the codes that a model reads hold all notes of a piece; the code of its end may be cut off. */
    private boolean fits(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        int[][] codes = read(piece, prompt, codec, mostFrames).codes();
        return codec.piece(codes).notes().size() == piece.notes().size();
    }

    /** The notes that start at or after a tick, which becomes the first. */
    private static Piece from(Piece piece, int start) {
        List<Note> notes = piece.notes().stream()
                .filter(note -> note.onset() >= start)
                .map(note -> new Note(
                        note.instrument(), note.onset() - start, note.duration(), note.pitch(), note.velocity()))
                .toList();
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    /** Uses codes as they are; only for readings of the whole clip. */
    CodeSequence read(int[][] codes, String prompt, int mostFrames) {
        int frames = Math.min(codes[0].length, mostFrames);
        int[][] cut = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            cut[k] = Arrays.copyOf(codes[k], frames);
        }
        return new CodeSequence(cut, prompt, caption == Caption.READ && !prompt.isBlank());
    }

    /** The notes that start in the first seconds, cut off at their end. */
    private Piece beginning(Piece piece) {
        return piece.until(Math.max(1, (int) Math.round(seconds / piece.secondsPerTick())));
    }
}
