package org.encore.rewards.preference;

import java.util.Arrays;
import java.util.Locale;
import org.encore.music.Piece;

/** A measure of a piece, computed from its notes. */
public enum PieceMeasure {
    /** Mean key of the notes, drums left aside. */
    PITCH_MEAN,
    /** Standard deviation of the keys. */
    PITCH_SPREAD,
    /** Share of notes below C3. */
    BASS_SHARE,
    /** Entropy of the pitch classes, in nats. */
    PITCH_CLASS_ENTROPY,
    /** Largest share of sounding time within one major scale. */
    SCALE_FIT,
    /** Share of drum notes. */
    DRUM_SHARE,
    /** Number of instruments. */
    INSTRUMENTS,
    /** Share of consonance in what sounds together. */
    CONSONANCE,
    /** Share of seconds and sevenths by a semitone in what sounds together. */
    CLASH,
    /** Mean number of keys that sound while any does. */
    POLYPHONY,
    /** Logarithm of one plus the notes a second. */
    NOTE_RATE,
    /** Mean logarithm of the notes' seconds. */
    DURATION,
    /** Standard deviation of the logarithm of the notes' seconds. */
    DURATION_SPREAD,
    /** Strongest repetition of the onsets within 0.2 to 1.5 s. */
    BEAT,
    /** Strongest repetition of the onsets within 1 to 6 s. */
    BAR,
    /** Entropy of the times between onsets, in nats. */
    RHYTHM_ENTROPY,
    /** Share of moves of the upper line that repeat the key. */
    REPEATED_NOTES,
    /** Share of moves of the upper line by one or two semitones. */
    STEPS,
    /** Share of moves of the upper line by more than a fifth. */
    LEAPS,
    /** Share of three moves of the upper line that occurred before. */
    SHORT_MOTIFS,
    /** Share of eight moves of the upper line that occurred before. */
    LONG_MOTIFS,
    /** Mean cosine of the pitch classes of neighbouring seconds. */
    HARMONIC_CALM,
    /** Mean cosine of the pitch classes of seconds that are at least four apart. */
    HARMONIC_RETURN;

    /** The name in files: lower case, words joined by underscores. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value for a piece. */
    public double of(Piece piece) {
        return value(PieceFacts.of(piece));
    }

    /**
     * The values of all measures of a piece, in their order; faster than one by one.
     *
     * @shape result {@code [measures]}
     */
    public static double[] all(Piece piece) {
        PieceFacts facts = PieceFacts.of(piece);
        return Arrays.stream(values())
                .mapToDouble(measure -> measure.value(facts))
                .toArray();
    }

    private double value(PieceFacts facts) {
        return switch (this) {
            case PITCH_MEAN -> facts.pitches().mean();
            case PITCH_SPREAD -> facts.pitches().spread();
            case BASS_SHARE -> facts.pitches().bassShare();
            case PITCH_CLASS_ENTROPY -> facts.pitches().entropy();
            case SCALE_FIT -> facts.pitches().scaleFit();
            case DRUM_SHARE -> facts.drumShare();
            case INSTRUMENTS -> facts.instruments();
            case CONSONANCE -> facts.measures().consonance();
            case CLASH -> facts.clash();
            case POLYPHONY -> facts.measures().polyphony();
            case NOTE_RATE -> Math.log1p(facts.measures().notesPerSecond());
            case DURATION -> facts.durations().mean();
            case DURATION_SPREAD -> facts.durations().spread();
            case BEAT -> facts.onsets().repetition(0.2, 1.5);
            case BAR -> facts.onsets().repetition(1.0, 6.0);
            case RHYTHM_ENTROPY -> facts.onsets().entropy();
            case REPEATED_NOTES -> facts.line().share(0, 0);
            case STEPS -> facts.line().share(1, 2);
            case LEAPS -> facts.line().share(8, Integer.MAX_VALUE);
            case SHORT_MOTIFS -> facts.line().repetition(3);
            case LONG_MOTIFS -> facts.line().repetition(8);
            case HARMONIC_CALM -> facts.harmony().neighbours();
            case HARMONIC_RETURN -> facts.harmony().distant();
        };
    }
}
