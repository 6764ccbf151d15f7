package org.encore.music.codec.notes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;

/**
 * Writes pieces as a compact language of events, and plays them with a {@link Synthesiser}.
 *
 * <p>The language is described in {@code docs/vocabulary.md}. Codes that make no sense where they stand, and integers
 * that are no codes, are ignored, so every sequence of integers is a piece.
 */
public final class NoteCodec implements SymbolicCodec {
    /** The most bars a piece may have; further BAR codes are ignored when decoding. */
    public static final int MAX_BARS = 4096;

    /** The longest duration, in ticks: sixteen whole notes. */
    public static final int MAX_DURATION = 16 * NoteVocabulary.EXTENSION_TICKS;

    /** The code that ends a piece. */
    public static final int END = CodeKind.END.first();

    private final Synthesiser synthesiser;

    public NoteCodec(Synthesiser synthesiser) {
        this.synthesiser = synthesiser;
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
        return OptionalInt.of(END);
    }

    /**
     * Maps a piece onto what the codes can say.
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
     * @return {@code [1][T]}, closed by END
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    @Override
    public int[][] encode(Piece piece) {
        return new int[][] {NoteWriter.write(quantised(piece))};
    }

    /**
     * What of a piece is left when its codes are cut after some of them: {@link #quantised}, from the beginning on.
     *
     * @param mostCodes at least 1, the one that ends the piece included
     * @throws IllegalArgumentException if a note starts after bar {@link #MAX_BARS}
     */
    public static Piece cut(Piece piece, int mostCodes) {
        int[] codes = NoteWriter.write(quantised(piece));
        return codes.length <= mostCodes ? quantised(piece) : read(codes, mostCodes - 1);
    }

    @Override
    public Clip decode(int[][] codes) {
        Piece piece = piece(codes);
        return Clip.of(piece, () -> synthesiser.render(piece));
    }

    /**
     * Reads codes as a piece.
     *
     * @param codes {@code [1][T]}, any integers
     * @return a piece that is its own {@link #quantised} form
     */
    public Piece piece(int[][] codes) {
        return read(onlyRow(codes), validFrames(codes));
    }

    private static Piece read(int[] frames, int count) {
        NoteReader reader = new NoteReader();
        for (int t = 0; t < count; t++) {
            reader.accept(frames[t]);
        }
        return quantised(reader.piece());
    }

    @Override
    public int validFrames(int[][] codes) {
        int[] frames = onlyRow(codes);
        for (int t = 0; t < frames.length; t++) {
            if (frames[t] == END) {
                return t + 1;
            }
        }
        return frames.length;
    }

    /** Positions may run backwards in a bar; time does not. */
    @Override
    public Optional<double[]> seconds(int[][] codes) {
        NoteReader reader = new NoteReader();
        int[] frames = onlyRow(codes);
        double[] moments = new double[frames.length];
        int latest = 0;
        for (int t = 0; t < frames.length; t++) {
            reader.accept(frames[t]);
            latest = Math.max(latest, reader.tick());
            moments[t] = latest;
        }
        double secondsPerTick = reader.piece().secondsPerTick();
        Arrays.setAll(moments, t -> moments[t] * secondsPerTick);
        return Optional.of(moments);
    }

    private static int[] onlyRow(int[][] codes) {
        if (codes.length != 1) {
            throw new IllegalArgumentException("codes have " + codes.length + " codebooks, but notes are written in 1");
        }
        return codes[0];
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

    /** Collects the notes that a sequence of codes plays. */
    static final class NoteReader {
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

    /** What reader and writer remember between codes: the current instrument, and each instrument's last note. */
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
