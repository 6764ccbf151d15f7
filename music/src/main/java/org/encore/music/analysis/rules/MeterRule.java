package org.encore.music.analysis.rules;

import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Attributes.MeterKind;

/**
 * Decides whether bars of three or of four quarter notes explain the accents, and compares with the time signature.
 *
 * <p>Three cues support a bar length, each in [0, 1]: loudness (share of all velocity above the piece's mean that
 * falls on bar lines), weight (share of all note lengths that starts on bar lines, times the beats a bar, halved) and
 * repetition (share of note lengths whose place in the next bar is struck as well). A metre's score is 0 unless it is
 * the written one; then it rises from 0 to 1 as its cues' sum goes from 0.2 below the other's to 0.3 above.
 */
public final class MeterRule {
    private static final int LONGEST_COUNTED = 2 * Piece.TICKS_PER_QUARTER;

    /** Accent of an onset: loudness above the mean, and the lengths of the notes that start. */
    private record Accent(double loudness, double weight) {
        Accent plus(Accent other) {
            return new Accent(Math.max(loudness, other.loudness), weight + other.weight);
        }
    }

    private final Optional<MeterKind> written;
    private final double triple;
    private final double quadruple;

    public MeterRule(Piece piece) {
        this.written = MeterKind.of(piece.meter());
        NavigableMap<Integer, Accent> accents = accents(piece);
        this.triple = evidence(accents, 3);
        this.quadruple = evidence(accents, 4);
    }

    /** How well a metre fits, in [0, 1]. */
    public double score(MeterKind kind) {
        if (written.isEmpty() || written.get() != kind) {
            return 0.0;
        }
        return BandRule.ramp(evidenceFor(kind) - evidenceAgainst(kind), -0.2, 0.3);
    }

    /** The sum of the cues for a metre, in [0, 3]. */
    public double evidenceFor(MeterKind kind) {
        return kind == MeterKind.TRIPLE ? triple : quadruple;
    }

    /** The written metre and the evidence, in words. */
    public String explanation() {
        return String.format(
                Locale.ROOT,
                "written %s; accents speak %.2f for three beats, %.2f for four",
                written.map(kind -> kind.name().toLowerCase(Locale.ROOT)).orElse("otherwise"),
                triple,
                quadruple);
    }

    private double evidenceAgainst(MeterKind kind) {
        return kind == MeterKind.TRIPLE ? quadruple : triple;
    }

    private static NavigableMap<Integer, Accent> accents(Piece piece) {
        double mean = piece.notes().stream().mapToInt(Note::velocity).average().orElse(0.0);
        NavigableMap<Integer, Accent> accents = new TreeMap<>();
        for (Note note : piece.notes()) {
            double loudness = Math.max(0.0, note.velocity() - mean);
            double weight = Piece.TICKS_PER_QUARTER / 2.0 + Math.min(note.duration(), LONGEST_COUNTED);
            accents.merge(note.onset(), new Accent(loudness, weight), Accent::plus);
        }
        return accents;
    }

    private static double evidence(NavigableMap<Integer, Accent> accents, int beats) {
        int bar = beats * Piece.TICKS_PER_QUARTER;
        double loudness = 0.0;
        double loudnessOnBars = 0.0;
        double weight = 0.0;
        double weightOnBars = 0.0;
        double followed = 0.0;
        double repeated = 0.0;
        for (Map.Entry<Integer, Accent> entry : accents.entrySet()) {
            Accent accent = entry.getValue();
            boolean isOnBar = entry.getKey() % bar == 0;
            loudness += accent.loudness();
            loudnessOnBars += isOnBar ? accent.loudness() : 0.0;
            weight += accent.weight();
            weightOnBars += isOnBar ? accent.weight() : 0.0;
            if (entry.getKey() + bar <= accents.lastKey()) {
                Accent next = accents.get(entry.getKey() + bar);
                followed += accent.weight();
                repeated += next == null ? 0.0 : Math.min(next.weight(), accent.weight());
            }
        }
        return share(loudnessOnBars, loudness)
                + Math.min(1.0, share(weightOnBars, weight) * beats / 2.0)
                + share(repeated, followed);
    }

    private static double share(double part, double whole) {
        return whole == 0.0 ? 0.0 : part / whole;
    }
}
