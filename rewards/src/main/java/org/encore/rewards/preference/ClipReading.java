package org.encore.rewards.preference;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;

/**
 * What a model is shown of a clip.
 *
 * @param caption whether it reads the caption
 * @param seconds how much of the clip it reads, from its beginning; 0 for all
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

    /** All of the clip, with its caption. */
    public static ClipReading defaults() {
        return new ClipReading(Caption.READ, 0.0);
    }

    /**
     * Writes a piece as what the model reads.
     *
     * @param prompt what the piece was made for
     * @param codec the model's
     * @param mostFrames the model's longest clip; what is behind is cut off
     */
    public CodeSequence read(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        return read(codec.encode(seconds == 0.0 ? piece : beginning(piece)), prompt, mostFrames);
    }

    /**
     * Writes a piece as what the model reads of it, window by window.
     *
     * <p>A clip that is longer than the model's window is read twice, as the paper does it: once from its beginning and once
     * up to its end. The second window begins with a bar and lasts no longer than what the first one holds. The paper's window
     * is 20 s; ours are as many notes as the model has positions for.
     *
     * @param codec the model's
     * @param mostFrames the model's longest clip
     * @return one sequence, or two of which the scores are to be averaged
     */
    public List<CodeSequence> windows(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        int[][] codes = codec.encode(piece);
        CodeSequence beginning = read(piece, prompt, codec, mostFrames);
        if (seconds != 0.0 || codes[0].length <= mostFrames) {
            return List.of(beginning);
        }
        int covered = codec.piece(beginning.codes()).lengthTicks();
        return List.of(beginning, read(end(piece, covered), prompt, codec, mostFrames));
    }

    /** The notes that start in the last whole bars within as many ticks; at least the last bar. */
    private static Piece end(Piece piece, int ticks) {
        int bar = piece.meter().ticksPerBar();
        int lastBar = (piece.lengthTicks() - 1) / bar * bar;
        int start = Math.min(lastBar, Math.floorDiv(Math.max(0, piece.lengthTicks() - ticks) + bar - 1, bar) * bar);
        List<Note> notes = piece.notes().stream()
                .filter(note -> note.onset() >= start)
                .map(note -> new Note(
                        note.instrument(), note.onset() - start, note.duration(), note.pitch(), note.velocity()))
                .toList();
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    /** Takes codes as they are; only for readings of the whole clip. */
    CodeSequence read(int[][] codes, String prompt, int mostFrames) {
        int frames = Math.min(codes[0].length, mostFrames);
        int[][] cut = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            cut[k] = Arrays.copyOf(codes[k], frames);
        }
        return new CodeSequence(cut, prompt, caption == Caption.READ && !prompt.isBlank());
    }

    /** The notes that start in the first seconds, those that are held longer cut off there. */
    private Piece beginning(Piece piece) {
        return piece.until(Math.max(1, (int) Math.round(seconds / piece.secondsPerTick())));
    }
}
