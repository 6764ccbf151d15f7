package org.encore.music.codec;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Collects the notes that a sequence of codes plays. */
final class NoteReader {
    private final NoteState state = new NoteState();
    private final List<Note> notes = new ArrayList<>();
    private Meter meter = Meter.FOUR_FOUR;
    private int tempoBpm = 120;

    /** Reads one integer; whatever makes no sense here changes nothing. */
    void accept(int code) {
        if (code < 0 || code >= NoteVocabulary.size()) {
            return;
        }
        int value = NoteVocabulary.valueOf(code);
        int program = state.instrument.program();
        switch (CodeKind.of(code)) {
            case BAR -> beginBar();
            case METER -> meter = state.bar < 0 ? NoteVocabulary.METERS.get(value) : meter;
            case TEMPO -> tempoBpm = state.bar < 0 ? value : tempoBpm;
            case POSITION -> moveTo(value);
            case INSTRUMENT -> state.instrument = new Instrument(value);
            case PITCH -> play(value);
            case DURATION -> state.duration[program] = value;
            case EXTEND -> extend(program);
            case VELOCITY -> state.velocity[program] = value;
            case END -> {}
        }
    }

    Piece piece() {
        return new Piece(tempoBpm, meter, notes);
    }

    /** The tick at which a note would start now. */
    int tick() {
        return Math.max(0, state.bar) * meter.ticksPerBar() + state.position;
    }

    private void beginBar() {
        if (state.bar + 1 < NoteCodec.MAX_BARS) {
            state.nextBar();
        }
    }

    private void moveTo(int position) {
        if (state.bar >= 0 && position < meter.ticksPerBar()) {
            state.position = position;
        }
    }

    private void extend(int program) {
        int longer = state.duration[program] + NoteVocabulary.EXTENSION_TICKS;
        if (longer <= NoteCodec.MAX_DURATION) {
            state.duration[program] = longer;
        }
    }

    private void play(int pitch) {
        if (state.bar < 0) {
            return;
        }
        int program = state.instrument.program();
        int onset = state.bar * meter.ticksPerBar() + state.position;
        notes.add(new Note(state.instrument, onset, state.duration[program], pitch, state.velocity[program]));
    }
}
