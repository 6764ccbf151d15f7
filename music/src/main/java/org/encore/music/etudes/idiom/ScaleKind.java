package org.encore.music.etudes.idiom;

import org.encore.music.text.Attributes.Mode;

/** The scales études are written in: semitones above the tonic, and the tones that distinguish the scale. */
public enum ScaleKind {
    MAJOR(Mode.MAJOR, "024579b", "4b", "443"),
    /** Natural minor; chords on the fifth and seventh degree raise the seventh. */
    MINOR(Mode.MINOR, "023578a", "38", "443"),
    DORIAN(Mode.MODAL, "023579a", "39a", "636"),
    MIXOLYDIAN(Mode.MODAL, "024579a", "4a", "666");

    private static final int LEADING_TONE = 11;

    private final Mode mode;
    private final String semitones;
    private final String marks;
    private final String cadences;

    /** The texts are lists of numbers, one hexadecimal digit each. */
    ScaleKind(Mode mode, String semitones, String marks, String cadences) {
        this.mode = mode;
        this.semitones = semitones;
        this.marks = marks;
        this.cadences = cadences;
    }

    /** The mode in captions. */
    public Mode mode() {
        return mode;
    }

    /** Semitones of a step above the tonic, over a chord. */
    public int semitones(int step, int chordDegree) {
        int degree = Math.floorMod(step, 7);
        boolean isRaised = this == MINOR && degree == 6 && (chordDegree == 4 || chordDegree == 6);
        return 12 * Math.floorDiv(step, 7) + (isRaised ? LEADING_TONE : Character.digit(semitones.charAt(degree), 16));
    }

    /** Semitones above the tonic without which the scale cannot be recognised. */
    public int[] marks() {
        return numbers(marks);
    }

    /** Chords that may stand before the last tonic; a repeated chord is more likely. */
    public int[] cadences() {
        return numbers(cadences);
    }

    private static int[] numbers(String digits) {
        return digits.chars().map(digit -> Character.digit(digit, 16)).toArray();
    }
}
