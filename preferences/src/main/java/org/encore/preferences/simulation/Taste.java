package org.encore.preferences.simulation;

import java.util.Arrays;
import java.util.Locale;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.text.Prompt;

/** What a simulated rater may care about, each in [0, 1]; a clip without notes has 0 of everything. */
public enum Taste {
    /** Does the clip do what was asked? */
    ADHERENCE,
    /** Do the notes sound well together? */
    CONSONANCE,
    /** Is the metre plain? */
    METRE,
    /** Does it repeat some things, but not all? Best at one half. */
    FORM,
    /** Does it make use of two octaves? */
    VARIETY;

    /** As files have it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How much of it a clip has. */
    public double of(Prompt prompt, Piece piece) {
        if (piece.notes().isEmpty()) {
            return 0.0;
        }
        return switch (this) {
            case ADHERENCE -> Adherence.of(prompt.attributes(), piece).mean();
            case CONSONANCE -> MusicalMeasures.of(piece).consonance();
            case METRE -> MusicalMeasures.of(piece).metreClarity();
            case FORM -> 1.0 - Math.abs(2.0 * MusicalMeasures.of(piece).repetition() - 1.0);
            case VARIETY -> Math.min(1.0, MusicalMeasures.of(piece).pitchRange() / 24.0);
        };
    }

    /**
     * How much a clip has of everything.
     *
     * @shape result {@code [tastes]}
     */
    public static double[] all(Prompt prompt, Piece piece) {
        return Arrays.stream(values())
                .mapToDouble(taste -> taste.of(prompt, piece))
                .toArray();
    }
}
