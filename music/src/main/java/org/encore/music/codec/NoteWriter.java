package org.encore.music.codec;

import java.util.stream.IntStream;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Writes a quantised piece with the fewest codes: each state is written only where it changes. */
final class NoteWriter {
    private final NoteState state = new NoteState();
    private final IntStream.Builder codes = IntStream.builder();
    private final int ticksPerBar;

    private NoteWriter(int ticksPerBar) {
        this.ticksPerBar = ticksPerBar;
    }

    /** Writes a piece that is its own quantised form. */
    static int[] write(Piece piece) {
        NoteWriter writer = new NoteWriter(piece.meter().ticksPerBar());
        writer.codes.add(NoteVocabulary.codeOf(piece.meter()));
        writer.emit(CodeKind.TEMPO, piece.tempoBpm());
        piece.notes().forEach(writer::write);
        writer.emit(CodeKind.END, 0);
        return writer.codes.build().toArray();
    }

    private void write(Note note) {
        while (state.bar < note.onset() / ticksPerBar) {
            emit(CodeKind.BAR, 0);
            state.nextBar();
        }
        int position = note.onset() % ticksPerBar;
        if (state.position != position) {
            emit(CodeKind.POSITION, position);
            state.position = position;
        }
        if (!state.instrument.equals(note.instrument())) {
            emit(CodeKind.INSTRUMENT, note.instrument().program());
            state.instrument = note.instrument();
        }
        writeVelocity(note);
        writeDuration(note);
        emit(CodeKind.PITCH, note.pitch());
    }

    private void writeVelocity(Note note) {
        int program = note.instrument().program();
        if (state.velocity[program] != note.velocity()) {
            emit(CodeKind.VELOCITY, note.velocity());
            state.velocity[program] = note.velocity();
        }
    }

    private void writeDuration(Note note) {
        int program = note.instrument().program();
        if (state.duration[program] == note.duration()) {
            return;
        }
        int extensions = (note.duration() - 1) / NoteVocabulary.EXTENSION_TICKS;
        emit(CodeKind.DURATION, note.duration() - extensions * NoteVocabulary.EXTENSION_TICKS);
        for (int i = 0; i < extensions; i++) {
            emit(CodeKind.EXTEND, 0);
        }
        state.duration[program] = note.duration();
    }

    private void emit(CodeKind kind, int value) {
        codes.add(NoteVocabulary.codeOf(kind, value));
    }
}
