package org.encore.music.codec.notes;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Meter;

/**
 * The meaning of each code of the {@link NoteLanguage}: a kind and a value.
 *
 * <p>The value of a code is the number a musician would write: the beats a minute of TEMPO, the ticks of POSITION and
 * DURATION, the velocity of VELOCITY; for METER it is the place in {@link #METERS}, for END, BAR and EXTEND it is 0.
 */
public final class NoteVocabulary {
    /** The time signatures that have a code; no bar is longer than 72 ticks. */
    public static final List<Meter> METERS = List.of(
            new Meter(4, 4),
            new Meter(3, 4),
            new Meter(2, 4),
            new Meter(5, 4),
            new Meter(6, 4),
            new Meter(2, 2),
            new Meter(3, 2),
            new Meter(3, 8),
            new Meter(6, 8),
            new Meter(7, 8),
            new Meter(9, 8),
            new Meter(12, 8));

    /** The tempos that have a code: eleven an octave from 30 to 240, so neighbours differ by 6.5 per cent. */
    public static final List<Integer> TEMPOS = IntStream.range(0, CodeKind.TEMPO.count())
            .mapToObj(step -> (int) StrictMath.round(30.0 * StrictMath.pow(2.0, step / 11.0)))
            .toList();

    /** The longest duration that can be written with DURATION alone, and what each EXTEND adds, in ticks. */
    public static final int EXTENSION_TICKS = CodeKind.DURATION.count();

    /** The longest bar, in ticks. */
    private static final int LONGEST_BAR = CodeKind.POSITION.count() + 1;

    private static final int VELOCITIES_PER_CODE = 8;

    private NoteVocabulary() {}

    /** Number of codes. */
    public static int size() {
        return CodeKind.total();
    }

    /**
     * The kind of a code.
     *
     * @throws IllegalArgumentException if the code is not in {@code [0, size())}
     */
    public static CodeKind kindOf(int code) {
        if (code < 0 || code >= size()) {
            throw new IllegalArgumentException("code is " + code + ", but must lie in [0, " + (size() - 1) + "]");
        }
        return CodeKind.of(code);
    }

    /** The value of a code, as the class comment defines it. */
    public static int valueOf(int code) {
        CodeKind kind = kindOf(code);
        int index = code - kind.first();
        return switch (kind) {
            case TEMPO -> TEMPOS.get(index);
            case POSITION, DURATION -> index + 1;
            case VELOCITY -> VELOCITIES_PER_CODE * index + VELOCITIES_PER_CODE / 2;
            case END, BAR, METER, INSTRUMENT, PITCH, EXTEND -> index;
        };
    }

    /**
     * The code of a kind whose value is nearest: exact for everything but TEMPO and VELOCITY.
     *
     * @param kind which kind
     * @param value as {@link #valueOf} would give it
     * @throws IllegalArgumentException if the kind has no such value
     */
    public static int codeOf(CodeKind kind, int value) {
        int index =
                switch (kind) {
                    case TEMPO -> nearestTempo(value);
                    case POSITION, DURATION -> value - 1;
                    case VELOCITY -> Math.floorDiv(value, VELOCITIES_PER_CODE);
                    case END, BAR, METER, INSTRUMENT, PITCH, EXTEND -> value;
                };
        if (index < 0 || index >= kind.count()) {
            throw new IllegalArgumentException(kind + " has no code for " + value);
        }
        return kind.first() + index;
    }

    /** The code of a time signature, which must be one of {@link #METERS}. */
    public static int codeOf(Meter meter) {
        return codeOf(CodeKind.METER, METERS.indexOf(meter));
    }

    /**
     * The time signature of {@link #METERS} that comes nearest.
     *
     * <p>Bars longer than 72 ticks are halved until they fit; then the nearest bar length wins, among equals the same
     * unit, then the earlier one of the list. So 7/4 becomes 7/8 and 4/2 becomes 2/2, whose bar lines fall on the old
     * ones.
     */
    public static Meter nearest(Meter meter) {
        int ticks = meter.ticksPerBar();
        while (ticks > LONGEST_BAR) {
            ticks /= 2;
        }
        Meter best = METERS.get(0);
        int least = Integer.MAX_VALUE;
        for (Meter candidate : METERS) {
            int distance = 2 * Math.abs(candidate.ticksPerBar() - ticks) + (candidate.unit() == meter.unit() ? 0 : 1);
            if (candidate.equals(meter)) {
                return candidate;
            }
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** A code as text, such as "PITCH 60", "METER 6/8", "INSTRUMENT 0 (acoustic grand piano)" or "BAR". */
    public static String describe(int code) {
        CodeKind kind = kindOf(code);
        int value = valueOf(code);
        return switch (kind) {
            case END, BAR, EXTEND -> kind.name();
            case METER -> kind + " " + METERS.get(value);
            case INSTRUMENT -> kind + " " + value + " (" + new Instrument(value).name() + ")";
            case TEMPO, POSITION, PITCH, DURATION, VELOCITY -> kind + " " + value;
        };
    }

    /** The vocabulary as a table in Markdown, one line a kind. */
    public static String markdownTable() {
        StringBuilder table = new StringBuilder("| codes | kind | values | meaning |\n|---|---|---|---|\n");
        for (CodeKind kind : CodeKind.values()) {
            int first = kind.first();
            int last = first + kind.count() - 1;
            String codes = first == last ? "" + first : first + " to " + last;
            table.append(String.format(
                    Locale.ROOT, "| %s | %s | %s | %s |\n", codes, kind, values(kind, first, last), kind.meaning()));
        }
        return table.toString();
    }

    private static String values(CodeKind kind, int first, int last) {
        return switch (kind) {
            case END, BAR, EXTEND -> "";
            case METER -> join(METERS);
            case TEMPO -> join(TEMPOS);
            case VELOCITY ->
                join(IntStream.rangeClosed(first, last)
                        .mapToObj(NoteVocabulary::valueOf)
                        .toList());
            case POSITION, INSTRUMENT, PITCH, DURATION -> valueOf(first) + " to " + valueOf(last);
        };
    }

    private static String join(List<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    /** Nearest by ratio: between a and b the border is their geometric mean. */
    private static int nearestTempo(int bpm) {
        int index = 0;
        while (index + 1 < TEMPOS.size() && bpm * bpm >= TEMPOS.get(index) * TEMPOS.get(index + 1)) {
            index++;
        }
        return index;
    }

    /** The kinds of codes, each a run of consecutive integers, in the order of the vocabulary. */
    public enum CodeKind {
        END(1, "the piece is over; whatever follows is ignored"),
        BAR(1, "the next bar begins; the position returns to 0"),
        METER(12, "time signature; counts before the first bar"),
        TEMPO(34, "quarter notes a minute; counts before the first bar"),
        POSITION(71, "ticks from the start of the bar, for the notes that follow"),
        INSTRUMENT(129, "General MIDI program of the notes that follow; 128 is the percussion kit"),
        PITCH(128, "plays a note of that MIDI key, or of that key of the percussion map"),
        DURATION(48, "ticks, for the notes of the current instrument that follow"),
        EXTEND(1, "lengthens the current instrument's duration by 48 ticks"),
        VELOCITY(16, "MIDI velocity, for the notes of the current instrument that follow");

        private static final CodeKind[] BY_CODE = table();
        private static final Map<CodeKind, Integer> FIRST = firsts();

        private final int count;
        private final String meaning;

        CodeKind(int count, String meaning) {
            this.count = count;
            this.meaning = meaning;
        }

        /** How many codes are of this kind. */
        public int count() {
            return count;
        }

        /** The effect of such a code. */
        public String meaning() {
            return meaning;
        }

        /** The lowest code of this kind. */
        public int first() {
            return FIRST.get(this);
        }

        /** The kind of a code in {@code [0, NoteVocabulary.size())}. */
        static CodeKind of(int code) {
            return BY_CODE[code];
        }

        /** Number of codes of all kinds. */
        static int total() {
            return BY_CODE.length;
        }

        private static CodeKind[] table() {
            return Arrays.stream(values())
                    .flatMap(kind -> Collections.nCopies(kind.count, kind).stream())
                    .toArray(CodeKind[]::new);
        }

        private static Map<CodeKind, Integer> firsts() {
            Map<CodeKind, Integer> firsts = new EnumMap<>(CodeKind.class);
            int next = 0;
            for (CodeKind kind : values()) {
                firsts.put(kind, next);
                next += kind.count;
            }
            return firsts;
        }
    }
}
