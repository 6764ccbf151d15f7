package org.encore.music.etudes.idiom;

import org.encore.music.text.Mode;

/** The scales études are written in: semitones above the tonic, and the tones that tell the scale from its kin. */
public enum ScaleKind {
    MAJOR(Mode.MAJOR, new int[] {0, 2, 4, 5, 7, 9, 11}, new int[] {4, 11}, new int[] {4, 4, 3}),
    /** Natural minor; chords on the fifth and seventh degree raise the seventh. */
    MINOR(Mode.MINOR, new int[] {0, 2, 3, 5, 7, 8, 10}, new int[] {3, 8}, new int[] {4, 4, 3}),
    DORIAN(Mode.MODAL, new int[] {0, 2, 3, 5, 7, 9, 10}, new int[] {3, 9, 10}, new int[] {6, 3, 6}),
    MIXOLYDIAN(Mode.MODAL, new int[] {0, 2, 4, 5, 7, 9, 10}, new int[] {4, 10}, new int[] {6, 6, 6});

    private static final int LEADING_TONE = 11;

    private final Mode mode;
    private final int[] semitones;
    private final int[] marks;
    private final int[] cadences;

    ScaleKind(Mode mode, int[] semitones, int[] marks, int[] cadences) {
        this.mode = mode;
        this.semitones = semitones;
        this.marks = marks;
        this.cadences = cadences;
    }

    /** What captions call it. */
    public Mode mode() {
        return mode;
    }

    /** Semitones of a step above the tonic, over a chord. */
    public int semitones(int step, int chordDegree) {
        int degree = Math.floorMod(step, 7);
        boolean isRaised = this == MINOR && degree == 6 && (chordDegree == 4 || chordDegree == 6);
        return 12 * Math.floorDiv(step, 7) + (isRaised ? LEADING_TONE : semitones[degree]);
    }

    /** Semitones above the tonic without which the scale cannot be recognised. */
    public int[] marks() {
        return marks.clone();
    }

    /** Chords that may stand before the last tonic; a chord that stands twice is twice as likely. */
    public int[] cadences() {
        return cadences.clone();
    }
}
