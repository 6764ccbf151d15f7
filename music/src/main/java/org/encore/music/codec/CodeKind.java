package org.encore.music.codec;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

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

    /** What such a code does when it is read. */
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
