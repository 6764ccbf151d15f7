package org.encore.music.analysis.rules;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Attributes.Mode;

/**
 * Finds tonic and scale: major, minor (natural or harmonic), Dorian or Mixolydian.
 *
 * <p>Every tonic and scale is graded: share of sound inside the scale, plus 0.5 of the share of the tonic and 0.2 of
 * that of its fifth, plus 0.25 if the lowest key of the last onset is the tonic and 0.1 if that of the first is, plus
 * 0.15 for each of the two tones that distinguish the scale (full at 4 % of the sound). A note counts up to a
 * quarter note. A mode's score falls linearly to 0 as its best grade falls {@value #REACH} behind the best of all, and
 * with the share of sound inside its scale, from 1 at 88 % to 0 at 70 %.
 */
public final class ModeRule {
    private static final double REACH = 0.15;
    private static final double MARK_SHARE = 0.04;

    /** The scales: their semitones, and the two that distinguish them. */
    private enum Scale {
        MAJOR(Mode.MAJOR, 0b101010110101, 4, 11),
        MINOR(Mode.MINOR, 0b110110101101, 3, 8),
        DORIAN(Mode.MODAL, 0b011010101101, 3, 9),
        MIXOLYDIAN(Mode.MODAL, 0b011010110101, 4, 10);

        private final Mode mode;
        private final int semitones;
        private final int firstMark;
        private final int secondMark;

        Scale(Mode mode, int semitones, int firstMark, int secondMark) {
            this.mode = mode;
            this.semitones = semitones;
            this.firstMark = firstMark;
            this.secondMark = secondMark;
        }
    }

    private final double[] shares = new double[12];
    private final Map<Mode, Double> grades = new EnumMap<>(Mode.class);
    private final Map<Mode, Double> insides = new EnumMap<>(Mode.class);
    private double best = Double.NEGATIVE_INFINITY;
    private int tonic;
    private String explanation = "no pitched notes";

    public ModeRule(Piece piece) {
        int firstKey = -1;
        int lastKey = -1;
        int firstOnset = -1;
        int lastOnset = -1;
        double total = 0.0;
        for (Note note : piece.notes()) {
            if (note.instrument().isDrums()) {
                continue;
            }
            double weight = Math.min(note.duration(), Piece.TICKS_PER_QUARTER);
            shares[note.pitch() % 12] += weight;
            total += weight;
            if (firstOnset < 0 || (note.onset() == firstOnset && note.pitch() < firstKey)) {
                firstOnset = note.onset();
                firstKey = note.pitch();
            }
            if (note.onset() > lastOnset || note.pitch() < lastKey) {
                lastKey = note.pitch();
                lastOnset = note.onset();
            }
        }
        if (total > 0.0) {
            for (int pitchClass = 0; pitchClass < 12; pitchClass++) {
                shares[pitchClass] /= total;
            }
            gradeAll(firstKey % 12, lastKey % 12);
        }
    }

    /** Pitch class of the best tonic; 0 without notes. */
    public int tonic() {
        return tonic;
    }

    /** How well a mode fits, in [0, 1]; 0 without notes. */
    public double score(Mode mode) {
        if (!grades.containsKey(mode)) {
            return 0.0;
        }
        return BandRule.ramp(best - grades.get(mode), REACH, 0.0) * BandRule.ramp(insides.get(mode), 0.7, 0.88);
    }

    /** What was found, in words. */
    public String explanation() {
        return explanation;
    }

    private void gradeAll(int firstClass, int lastClass) {
        for (Scale scale : Scale.values()) {
            for (int root = 0; root < 12; root++) {
                double inside = inside(scale, root);
                double grade = inside + 0.5 * share(root) + 0.2 * share(root + 7) + 0.15 * marks(scale, root);
                grade += (root == lastClass ? 0.25 : 0.0) + (root == firstClass ? 0.1 : 0.0);
                if (grade > grades.getOrDefault(scale.mode, Double.NEGATIVE_INFINITY)) {
                    grades.put(scale.mode, grade);
                    insides.put(scale.mode, inside);
                }
                if (grade > best) {
                    best = grade;
                    tonic = root;
                    explanation = String.format(
                            Locale.ROOT,
                            "%s on pitch class %d, %.0f %% of the sound inside",
                            scale.name().toLowerCase(Locale.ROOT),
                            root,
                            100.0 * inside);
                }
            }
        }
    }

    private double inside(Scale scale, int root) {
        double inside = 0.0;
        for (int semitone = 0; semitone < 12; semitone++) {
            inside += (scale.semitones >> semitone & 1) == 1 ? share(root + semitone) : 0.0;
        }
        return inside;
    }

    private double marks(Scale scale, int root) {
        return Math.min(1.0, share(root + scale.firstMark) / MARK_SHARE)
                + Math.min(1.0, share(root + scale.secondMark) / MARK_SHARE);
    }

    private double share(int pitchClass) {
        return shares[Math.floorMod(pitchClass, 12)];
    }
}
