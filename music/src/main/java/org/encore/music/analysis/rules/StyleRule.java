package org.encore.music.analysis.rules;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.rules.BeatRhythm.Cell;
import org.encore.music.text.Attributes.Style;

/**
 * Measures how much a piece is like each style.
 *
 * <p>Likeness is rhythm times manner. Rhythm, for the styles with a characteristic cell: {@code min(1, purity / 0.65) *
 * min(1, cells / (0.6 * bars))} where {@code purity = own / (own + foreign + EVEN / 2)}; march has DOTTED, ragtime
 * SYNCOPATED, bossa TRESILLO, reggae OFFBEAT, blues SHUFFLE (and up to twice as many TRIPLET), lullaby the TRIPLET
 * beyond that. Rhythm of chorale and techno, which have none: {@code max(0, 1 - 3 * foreign / beats)}, if every second
 * beat is struck. Manner looks at articulation, repeated keys and blue notes.
 */
public final class StyleRule {
    private final BeatRhythm rhythm;
    private final double bars;
    private final double legato;
    private final double repeats;
    private final double blueShare;
    private final Map<Style, Double> likeness = new EnumMap<>(Style.class);

    public StyleRule(Piece piece, BeatRhythm rhythm, int tonic) {
        this.rhythm = rhythm;
        this.bars = (double) rhythm.beats()
                * Piece.TICKS_PER_QUARTER
                / piece.meter().ticksPerBar();
        NoteLines lines = new NoteLines(piece);
        this.legato = lines.legato();
        this.repeats = lines.repeats();
        this.blueShare = blueShare(piece, tonic);
        for (Style style : Style.values()) {
            likeness.put(style, rhythm.beats() == 0 ? 0.0 : rhythmOf(style) * mannerOf(style));
        }
    }

    /** Likeness in [0, 1]. */
    public double likeness(Style style) {
        return likeness.get(style);
    }

    /** What was found, in words. */
    public String explanation() {
        StringBuilder counts = new StringBuilder();
        for (Cell cell : Cell.values()) {
            if (cell != Cell.REST && rhythm.count(cell) > 0) {
                counts.append(rhythm.count(cell))
                        .append(' ')
                        .append(cell.name().toLowerCase(Locale.ROOT))
                        .append(", ");
            }
        }
        return String.format(Locale.ROOT, "beats: %slegato %.2f, repeated keys %.2f", counts, legato, repeats);
    }

    private double rhythmOf(Style style) {
        int shuffle = rhythm.count(Cell.SHUFFLE);
        int triplet = rhythm.count(Cell.TRIPLET);
        int blues = shuffle + Math.min(triplet, 2 * shuffle);
        return switch (style) {
            case MARCH -> own(rhythm.count(Cell.DOTTED));
            case RAGTIME -> own(rhythm.count(Cell.SYNCOPATED));
            case BLUES -> own(blues);
            case LULLABY -> own(triplet - Math.min(triplet, 2 * shuffle));
            case BOSSA -> own(rhythm.count(Cell.TRESILLO));
            case REGGAE -> own(rhythm.count(Cell.OFFBEAT));
            case CHORALE, TECHNO -> even();
        };
    }

    private double own(int cells) {
        int marked = rhythm.beats() - rhythm.count(Cell.REST) - rhythm.count(Cell.PLAIN);
        if (cells == 0) {
            return 0.0;
        }
        double foreign = marked - cells - rhythm.count(Cell.EVEN) / 2.0;
        return Math.min(1.0, cells / (cells + foreign) / 0.65) * Math.min(1.0, cells / (0.6 * bars));
    }

    private double even() {
        int struck = rhythm.beats() - rhythm.count(Cell.REST);
        if (struck == 0) {
            return 0.0;
        }
        double foreign = struck - rhythm.count(Cell.PLAIN) - rhythm.count(Cell.EVEN);
        return Math.max(0.0, 1.0 - 3.0 * foreign / struck) * Math.min(1.0, 2.0 * struck / rhythm.beats());
    }

    private double mannerOf(Style style) {
        return switch (style) {
            case CHORALE -> BandRule.ramp(legato, 0.55, 0.8);
            case TECHNO -> BandRule.ramp(legato, 0.85, 0.7) * (0.6 + 0.4 * BandRule.ramp(repeats, 0.0, 0.25));
            case LULLABY -> 0.7 + 0.3 * BandRule.ramp(legato, 0.4, 0.8);
            case BLUES -> 0.7 + 0.3 * BandRule.ramp(blueShare, 0.0, 0.02);
            case REGGAE, RAGTIME, MARCH -> 0.7 + 0.3 * BandRule.ramp(legato, 0.95, 0.8);
            case BOSSA -> 1.0;
        };
    }

    /** Share of pitched notes a tritone above the tonic. */
    private static double blueShare(Piece piece, int tonic) {
        int pitched = 0;
        int blue = 0;
        for (Note note : piece.notes()) {
            if (!note.instrument().isDrums()) {
                pitched++;
                blue += Math.floorMod(note.pitch() - tonic, 12) == 6 ? 1 : 0;
            }
        }
        return pitched == 0 ? 0.0 : (double) blue / pitched;
    }

    /** How connected the notes of each pitched instrument are, and how often they repeat their key. */
    static final class NoteLines {
        private double connectedness;
        private int gaps;
        private int steps;
        private int repeated;

        NoteLines(Piece piece) {
            Map<Integer, List<Note>> byProgram = new TreeMap<>();
            for (Note note : piece.notes()) {
                if (!note.instrument().isDrums()) {
                    byProgram
                            .computeIfAbsent(note.instrument().program(), key -> new ArrayList<>())
                            .add(note);
                }
            }
            byProgram.values().forEach(this::follow);
        }

        /** Mean share of the time to an instrument's next onset that a note fills, in [0, 1]; 0 without notes. */
        double legato() {
            return gaps == 0 ? 0.0 : connectedness / gaps;
        }

        /** Share of onsets whose highest key is that of the instrument's previous onset; 0 without notes. */
        double repeats() {
            return steps == 0 ? 0.0 : (double) repeated / steps;
        }

        /** Notes are in order of onset, and by pitch within one. */
        private void follow(List<Note> notes) {
            int from = 0;
            int previousTop = -1;
            while (from < notes.size()) {
                int to = from;
                while (to < notes.size()
                        && notes.get(to).onset() == notes.get(from).onset()) {
                    to++;
                }
                if (to < notes.size()) {
                    int gap = notes.get(to).onset() - notes.get(from).onset();
                    for (Note note : notes.subList(from, to)) {
                        connectedness += Math.min(1.0, (double) note.duration() / gap);
                        gaps++;
                    }
                }
                int top = notes.get(to - 1).pitch();
                if (previousTop >= 0) {
                    steps++;
                    repeated += top == previousTop ? 1 : 0;
                }
                previousTop = top;
                from = to;
            }
        }
    }
}
