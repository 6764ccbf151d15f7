package org.encore.rewards.learned;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.NoteCodec;

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
     * @param mostFrames the model's longest clip; what is behind is cut off
     */
    public CodeSequence read(Piece piece, String prompt, NoteCodec codec, int mostFrames) {
        return read(codec.encode(seconds == 0.0 ? piece : beginning(piece)), prompt, mostFrames);
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
        int end = Math.max(1, (int) Math.round(seconds / piece.secondsPerTick()));
        List<Note> notes = piece.notes().stream()
                .filter(note -> note.onset() < end)
                .map(note -> new Note(
                        note.instrument(),
                        note.onset(),
                        Math.min(note.duration(), end - note.onset()),
                        note.pitch(),
                        note.velocity()))
                .toList();
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }
}
