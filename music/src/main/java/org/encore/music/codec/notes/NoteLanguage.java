package org.encore.music.codec.notes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;

/**
 * Writes pieces as a compact sequence of events and reads them back.
 *
 * <p>The language is described in {@code docs/vocabulary.md}. Codes that are meaningless in their place, and integers that are no codes, are ignored, so every sequence of integers is a piece.
 */
public final class NoteLanguage {
    /** The most bars a piece may have; further BAR codes are ignored when decoding. */
    public static final int MAX_BARS = 4096;

    /** The longest duration, in ticks: sixteen whole notes. */
    public static final int MAX_DURATION = 16 * NoteVocabulary.EXTENSION_TICKS;

    /** The code that ends a piece. */
    public static final int END = CodeKind.END.first();

    private NoteLanguage() {}

    /**
     * Maps a piece to the nearest one that codes can express.
     *
     * <p>The metre becomes the nearest with a code (bar lines move, notes stay), tempo and velocities snap to their
     * bins, durations are cut at {@link #MAX_DURATION}, and notes of the same instrument, onset and pitch become one,
     * as long as the longest and as loud as the loudest.
     *
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static Piece quantised(Piece piece) {
        int tempo = NoteVocabulary.valueOf(NoteVocabulary.codeOf(CodeKind.TEMPO, piece.tempoBpm()));
        Piece empty = new Piece(tempo, NoteVocabulary.nearest(piece.meter()), List.of());
        int endTick = MAX_BARS * empty.meter().ticksPerBar();
        List<Note> merged = new ArrayList<>(piece.notes().size());
        for (Note note : piece.notes()) {
            if (note.onset() >= endTick) {
                throw new IllegalArgumentException("a note starts at tick " + note.onset() + ", but a piece in "
                        + empty.meter() + " may have at most " + MAX_BARS + " bars (" + endTick + " ticks)");
            }
            // The order of notes brings those of the same key together.
            Note snapped = snapped(note);
            int last = merged.size() - 1;
            if (last >= 0 && isSameKey(merged.get(last), snapped)) {
                merged.set(last, union(merged.get(last), snapped));
            } else {
                merged.add(snapped);
            }
        }
        return new Piece(tempo, empty.meter(), merged);
    }

    /**
     * Writes a piece, {@link #quantised} first, as codes.
     *
     * @return {@code [F]}, closed by {@link #END}
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static int[] write(Piece piece) {
        return NoteWriter.write(quantised(piece));
    }

    /**
     * The codes of a piece up to the beginning of a bar, {@link #quantised} first, without an end: what is written next lies in that bar.
     *
     * @param bar counted from 0; notes that start in it or later are left out
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static int[] beginning(Piece piece, int bar) {
        Piece quantised = quantised(piece);
        int end = bar * quantised.meter().ticksPerBar();
        return NoteWriter.beginning(
                new Piece(
                        quantised.tempoBpm(),
                        quantised.meter(),
                        quantised.notes().stream()
                                .filter(note -> note.onset() < end)
                                .toList()),
                bar);
    }

    /**
     * How many codes a piece has, the one that ends it included.
     *
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static int codes(Piece piece) {
        return write(piece).length;
    }

    /**
     * The beginning of a piece whose codes are at most a given number, {@link #quantised}.
     *
     * @param mostCodes at least 1, the one that ends the piece included
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static Piece cut(Piece piece, int mostCodes) {
        int[] codes = write(piece);
        return codes.length <= mostCodes ? quantised(piece) : read(codes, mostCodes - 1);
    }

    /**
     * Reads codes as a piece.
     *
     * @param codes {@code [F]}, any integers; what follows {@link #END} is ignored
     * @return a piece that is its own {@link #quantised} form
     */
    public static Piece read(int[] codes) {
        return read(codes, validFrames(codes));
    }

    private static Piece read(int[] codes, int count) {
        NoteReader reader = new NoteReader();
        for (int t = 0; t < count; t++) {
            reader.accept(codes[t]);
        }
        return quantised(reader.piece());
    }

    /** Codes up to and including the first {@link #END}; all of them if there is none. */
    static int validFrames(int[] codes) {
        for (int t = 0; t < codes.length; t++) {
            if (codes[t] == END) {
                return t + 1;
            }
        }
        return codes.length;
    }

    /**
     * The time of each code in seconds; it never decreases, even where positions in a bar do.
     *
     * @return {@code [F]}
     */
    static double[] seconds(int[] codes) {
        NoteReader reader = new NoteReader();
        double[] moments = new double[codes.length];
        int latest = 0;
        for (int t = 0; t < codes.length; t++) {
            reader.accept(codes[t]);
            latest = Math.max(latest, reader.tick());
            moments[t] = latest;
        }
        double secondsPerTick = reader.piece().secondsPerTick();
        Arrays.setAll(moments, t -> moments[t] * secondsPerTick);
        return moments;
    }

    private static Note snapped(Note note) {
        int velocity = NoteVocabulary.valueOf(NoteVocabulary.codeOf(CodeKind.VELOCITY, note.velocity()));
        int duration = Math.min(note.duration(), MAX_DURATION);
        return new Note(note.instrument(), note.onset(), duration, note.pitch(), velocity);
    }

    private static Note union(Note a, Note b) {
        Instrument instrument = a.instrument();
        int duration = Math.max(a.duration(), b.duration());
        return new Note(instrument, a.onset(), duration, a.pitch(), Math.max(a.velocity(), b.velocity()));
    }

    private static boolean isSameKey(Note a, Note b) {
        return a.onset() == b.onset()
                && a.pitch() == b.pitch()
                && a.instrument().equals(b.instrument());
    }

    /** Reads the notes of a sequence of codes. */
    static final class NoteReader {
        private final NoteState state = new NoteState();
        private final List<Note> notes = new ArrayList<>();
        private Meter meter = Meter.FOUR_FOUR;
        private int tempoBpm = 120;

        /** Reads one integer; codes that are meaningless here change nothing. */
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
                case PITCH -> addNote(value);
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
            if (state.bar + 1 < MAX_BARS) {
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
            if (longer <= MAX_DURATION) {
                state.duration[program] = longer;
            }
        }

        private void addNote(int pitch) {
            if (state.bar < 0) {
                return;
            }
            int program = state.instrument.program();
            int onset = state.bar * meter.ticksPerBar() + state.position;
            notes.add(new Note(state.instrument, onset, state.duration[program], pitch, state.velocity[program]));
        }
    }

    /** Writes a quantised piece with the fewest codes: each state is written only where it changes. */
    static final class NoteWriter {
        private final NoteState state = new NoteState();
        private final IntStream.Builder codes = IntStream.builder();
        private final int ticksPerBar;

        private NoteWriter(int ticksPerBar) {
            this.ticksPerBar = ticksPerBar;
        }

        /** Writes a piece that is its own quantised form. */
        static int[] write(Piece piece) {
            NoteWriter writer = of(piece);
            writer.emit(CodeKind.END, 0);
            return writer.codes.build().toArray();
        }

        /** Writes a quantised piece and opens bars up to one behind it. */
        static int[] beginning(Piece piece, int bar) {
            NoteWriter writer = of(piece);
            writer.openUntil(bar);
            return writer.codes.build().toArray();
        }

        private static NoteWriter of(Piece piece) {
            NoteWriter writer = new NoteWriter(piece.meter().ticksPerBar());
            writer.codes.add(NoteVocabulary.codeOf(piece.meter()));
            writer.emit(CodeKind.TEMPO, piece.tempoBpm());
            piece.notes().forEach(writer::write);
            return writer;
        }

        private void openUntil(int bar) {
            while (state.bar < bar) {
                emit(CodeKind.BAR, 0);
                state.nextBar();
            }
        }

        private void write(Note note) {
            openUntil(note.onset() / ticksPerBar);
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

    /** The state of reader and writer between codes: the current instrument, and each instrument's last note. */
    static final class NoteState {
        /** The bar, counted from 0; -1 before the first BAR. */
        int bar = -1;

        /** Ticks from the start of the bar. */
        int position;

        Instrument instrument = Instrument.PIANO;

        /** Ticks, by program. */
        final int[] duration = new int[CodeKind.INSTRUMENT.count()];

        /** MIDI velocity, by program. */
        final int[] velocity = new int[CodeKind.INSTRUMENT.count()];

        NoteState() {
            Arrays.fill(duration, Piece.TICKS_PER_QUARTER);
            Arrays.fill(velocity, 84);
        }

        void nextBar() {
            bar++;
            position = 0;
        }
    }
}
