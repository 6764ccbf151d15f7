package org.encore.music.etudes.idiom;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Piece;
import org.encore.music.text.Attributes.Style;

/**
 * Draws two motifs and fits them to chords.
 *
 * <p>A motif is a contour: the interval from each note to the next. Over a chord it starts at the chord tone nearest to
 * the last note of the melody, and its notes on the beat move to the nearest chord tone.
 */
public final class Melody {
    private static final int LOWEST = -4;
    private static final int HIGHEST = 8;
    private static final int LONGEST = 16;
    private static final int[][] ROCKING = {{0, 2, 4}, {0, 4, 2}, {4, 2, 0}, {0, 4, 7}};

    private final Style style;
    private final int[][] contours = new int[2][LONGEST];
    private final int[] rocking;

    public Melody(Style style, RandomGenerator random) {
        this.style = style;
        List<Integer> steps = Idiom.of(style).steps();
        for (int[] contour : contours) {
            for (int i = 0; i < LONGEST; i++) {
                contour[i] = steps.get(random.nextInt(steps.size()));
            }
        }
        rocking = ROCKING[random.nextInt(ROCKING.length)];
    }

    /**
     * The notes of a bar.
     *
     * @param motif letter of the motif
     * @param ticks when its notes start, from the start of the bar
     * @param degree the chord
     * @param previous the step before the bar
     * @return the step of each note
     */
    public int[] steps(char motif, List<Integer> ticks, int degree, int previous) {
        return style == Style.LULLABY
                ? rock(ticks, degree, previous)
                : follow(contours[motif - 'A'], ticks, degree, previous);
    }

    /** The chord tone nearest to a step, the lower of two. */
    public static int chordTone(int step, int degree) {
        for (int distance = 0; distance < 7; distance++) {
            for (int candidate : new int[] {step - distance, step + distance}) {
                int above = Math.floorMod(candidate - degree, 7);
                if (above == 0 || above == 2 || above == 4) {
                    return candidate;
                }
            }
        }
        throw new IllegalStateException("a chord has a tone in every octave");
    }

    private static int[] follow(int[] contour, List<Integer> ticks, int degree, int previous) {
        int[] steps = new int[ticks.size()];
        int at = chordTone(Math.max(LOWEST + 2, Math.min(HIGHEST - 3, previous)), degree);
        for (int i = 0; i < steps.length; i++) {
            if (i > 0) {
                int move = contour[i - 1];
                at += at + move > HIGHEST || at + move < LOWEST ? -move : move;
                boolean isOnBeat = ticks.get(i) % Piece.TICKS_PER_QUARTER == 0;
                at = isOnBeat ? chordTone(at, degree) : at;
            }
            steps[i] = at;
        }
        return steps;
    }

    private int[] rock(List<Integer> ticks, int degree, int previous) {
        int root = previous > 4 ? degree : degree - 7;
        root = root < LOWEST ? root + 7 : root;
        int[] steps = new int[ticks.size()];
        for (int i = 0; i < steps.length; i++) {
            int thirdOfBeat = ticks.get(i) % Piece.TICKS_PER_QUARTER / 4;
            steps[i] = root + rocking[thirdOfBeat % rocking.length];
        }
        return steps;
    }
}
