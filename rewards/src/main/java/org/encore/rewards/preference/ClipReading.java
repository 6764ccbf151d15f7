package org.encore.rewards.preference;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
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

    /** A clip that can be read: its notes for a model of notes, its sound for a model of sound. */
    public interface Source {
        /**
         * The notes.
         *
         * @throws IllegalArgumentException if it is sound alone
         */
        Piece piece();

        /**
         * The sound, at any rate.
         *
         * @throws IllegalArgumentException if there is none
         */
        Waveform waveform();

        /** A piece of notes, without sound. */
        static Source of(Piece piece) {
            return new Source() {
                @Override
                public Piece piece() {
                    return piece;
                }

                @Override
                public Waveform waveform() {
                    throw new IllegalArgumentException("the clip has notes alone, but the model hears sound");
                }
            };
        }
    }

    /**
     * Encodes the part of a clip that the model reads.
     *
     * @param prompt the caption
     * @param codec the model's: of notes, or of sound with an encoder
     * @param mostFrames longest clip of the model, in frames; longer ones are truncated
     */
    public CodeSequence read(Source clip, String prompt, AudioCodec codec, int mostFrames) {
        if (codec instanceof SymbolicCodec symbolic) {
            return read(clip.piece(), prompt, symbolic, mostFrames);
        }
        WaveformEncoder encoder = encoder(codec);
        int most = seconds == 0.0
                ? mostFrames
                : Math.min(mostFrames, Math.max(1, (int) Math.round(seconds * encoder.framesPerSecond())));
        return read(encoder.encode(clip.waveform()), prompt, most);
    }

    private static WaveformEncoder encoder(AudioCodec codec) {
        return codec.encoder()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the codec " + codec.name() + " cannot encode sound, so its model cannot judge clips"));
    }

    private CodeSequence read(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
        return read(codec.encode(seconds == 0.0 ? piece : beginning(piece)), prompt, mostFrames);
    }

    /**
     * Encodes the windows of a clip that the model reads.
     *
     * <p>A clip longer than the model's window is read as two windows, as in the paper: its beginning and its end. Of notes, the
     * second window starts with a bar, is not longer than the first, and reaches the end also where that has more notes. The
     * paper's window is 20 s; ours is as long as the model has positions.
     *
     * @param codec the model's: of notes, or of sound with an encoder
     * @param mostFrames longest clip of the model, in frames
     * @return one sequence, or two whose scores are to be averaged
     */
    public List<CodeSequence> windows(Source clip, String prompt, AudioCodec codec, int mostFrames) {
        if (codec instanceof SymbolicCodec symbolic) {
            return windows(clip.piece(), prompt, symbolic, mostFrames);
        }
        if (seconds != 0.0) {
            return List.of(read(clip, prompt, codec, mostFrames));
        }
        int[][] codes = encoder(codec).encode(clip.waveform());
        CodeSequence beginning = read(codes, prompt, mostFrames);
        int frames = codes[0].length;
        if (frames <= mostFrames) {
            return List.of(beginning);
        }
        int[][] end = Arrays.stream(codes)
                .map(row -> Arrays.copyOfRange(row, frames - mostFrames, frames))
                .toArray(int[][]::new);
        return List.of(beginning, read(end, prompt, mostFrames));
    }

    private List<CodeSequence> windows(Piece piece, String prompt, SymbolicCodec codec, int mostFrames) {
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
