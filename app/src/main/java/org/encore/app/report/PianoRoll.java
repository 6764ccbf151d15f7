package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.encore.music.Instrument;
import org.encore.music.Instrument.Family;
import org.encore.music.Note;
import org.encore.music.Piece;

/** A piece as a drawing: time to the right, pitch upwards, percussion in a strip of its own at the bottom. */
final class PianoRoll {
    private static final Comparator<Instrument> BY_PROGRAM = Comparator.comparingInt(Instrument::program);
    private static final int MOST_NOTES = 4000;
    private static final int MOST_BARS = 64;
    private static final int LEAST_PITCHES = 24;
    private static final int OCTAVE = 12;
    private static final int DRUM_GAP = 2;
    private static final double DRUM_THICKNESS = 1.4;

    /** What is left of a note's length, so that repeated notes stay apart. */
    private static final double SOUNDING = 0.85;

    /** The shortest that can still be seen, in parts of the whole width. */
    private static final double LEAST_WIDTH = 1.0 / 250.0;

    private final Piece piece;
    private final List<Note> notes;
    private final int highest;
    private final int drumTop;
    private final List<Integer> drumKeys;
    private final int width;

    private PianoRoll(Piece piece) {
        this.piece = piece;
        this.notes = piece.notes().subList(0, Math.min(MOST_NOTES, piece.notes().size()));
        int[] pitches = notes.stream()
                .filter(note -> !note.instrument().isDrums())
                .mapToInt(Note::pitch)
                .sorted()
                .toArray();
        int low = pitches.length == 0 ? 0 : pitches[0];
        int high = pitches.length == 0 ? -1 : pitches[pitches.length - 1];
        int missing = pitches.length == 0 ? 0 : Math.max(0, LEAST_PITCHES - (high - low + 1));
        this.highest = high + missing / 2 + 1;
        int lowest = low - (missing + 1) / 2 - 1;
        this.drumKeys = List.copyOf(new TreeSet<>(notes.stream()
                .filter(note -> note.instrument().isDrums())
                .map(Note::pitch)
                .toList()));
        this.drumTop = pitches.length == 0 ? 0 : highest - lowest + 1;
        int end = notes.stream().mapToInt(Note::end).max().orElse(1);
        this.width = barsUpTo(end) * piece.meter().ticksPerBar();
    }

    /** Writes a piece with its legend. */
    static void write(Html html, Piece piece) {
        if (piece.notes().isEmpty()) {
            html.element("p", "No notes.", "class", "missing");
            return;
        }
        new PianoRoll(piece).write(html);
    }

    private void write(Html html) {
        Map<Instrument, String> colours = colours();
        html.in(
                "svg",
                () -> draw(html, colours),
                "class",
                "roll",
                "viewBox",
                "0 0 " + width + " " + height(),
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                "piano roll of " + notes.size() + " notes",
                "data-seconds",
                String.format(Locale.ROOT, "%.4f", width * piece.secondsPerTick()));
        html.in("ul", () -> legend(html, colours), "class", "legend");
    }

    private int height() {
        return drumTop + (drumKeys.isEmpty() ? 0 : 2 * drumKeys.size() + DRUM_GAP);
    }

    private void draw(Html html, Map<Instrument, String> colours) {
        html.empty("path", "class", "octaves", "d", octaves());
        html.empty("path", "class", "bars", "d", bars());
        Map<Note, Lane> lanes = lanes();
        Map<Lane, StringBuilder> paths = new TreeMap<>();
        for (Note note : notes) {
            Lane lane = lanes.getOrDefault(note, new Lane(note.instrument(), 0, 1));
            paths.computeIfAbsent(lane, key -> new StringBuilder()).append(stroke(note, lane));
        }
        paths.forEach((lane, path) -> html.empty(
                "path",
                "class",
                "notes " + colours.get(lane.instrument()),
                "stroke-width",
                thickness(lane),
                "d",
                path.toString()));
        html.empty("path", "class", "cursor", "d", "M0 0V" + height());
    }

    private int barsUpTo(int tick) {
        int bar = piece.meter().ticksPerBar();
        return (tick + bar - 1) / bar;
    }

    private static String thickness(Lane lane) {
        return String.format(Locale.ROOT, "%.2f", lane.instrument().isDrums() ? DRUM_THICKNESS : 1.0 / lane.of());
    }

    /**
     * The part of a key's row that a note fills.
     *
     * @param number from 0, downwards
     * @param of how many instruments share the row where the note sounds
     */
    private record Lane(Instrument instrument, int number, int of) implements Comparable<Lane> {
        private static final Comparator<Lane> ORDER = Comparator.comparing(Lane::instrument, BY_PROGRAM)
                .thenComparingInt(Lane::number)
                .thenComparingInt(Lane::of);

        @Override
        public int compareTo(Lane other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * The lane of each note, drums apart. Where instruments play the same key at the same time, each gets a part of the row, so that all
     * of them can be seen.
     */
    private Map<Note, Lane> lanes() {
        Map<Integer, List<Note>> byKey = new TreeMap<>();
        notes.stream().filter(note -> !note.instrument().isDrums()).forEach(note -> byKey.computeIfAbsent(
                        note.pitch(), key -> new ArrayList<>())
                .add(note));
        Map<Note, Lane> lanes = new HashMap<>();
        for (List<Note> ofKey : byKey.values()) {
            ofKey.sort(Comparator.comparingInt(Note::onset));
            List<Note> together = new ArrayList<>();
            double end = 0.0;
            for (Note note : ofKey) {
                if (note.onset() >= end) {
                    share(together, lanes);
                    together.clear();
                }
                together.add(note);
                end = Math.max(end, note.onset() + length(note));
            }
            share(together, lanes);
        }
        return lanes;
    }

    /** Shares a row among the instruments of notes that sound together. */
    private static void share(List<Note> together, Map<Note, Lane> lanes) {
        TreeSet<Instrument> instruments = new TreeSet<>(BY_PROGRAM);
        together.forEach(note -> instruments.add(note.instrument()));
        for (Note note : together) {
            int number = instruments.headSet(note.instrument()).size();
            lanes.put(note, new Lane(note.instrument(), number, instruments.size()));
        }
    }

    private double length(Note note) {
        return Math.max(note.duration() * SOUNDING, width * LEAST_WIDTH);
    }

    private String stroke(Note note, Lane lane) {
        double row = note.instrument().isDrums()
                ? drumTop + DRUM_GAP / 2.0 + 2.0 * (drumKeys.size() - drumKeys.indexOf(note.pitch())) - 1.0
                : highest - note.pitch() + (lane.number() + 0.5) / lane.of();
        return "M" + note.onset() + " " + hundredths(row) + "h" + coordinate(length(note));
    }

    /** Rows are few units high, so that one decimal would be too rough. */
    private static String hundredths(double row) {
        return BigDecimal.valueOf(Math.round(row * 100.0), 2)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A line below each C. */
    private String octaves() {
        StringBuilder path = new StringBuilder();
        for (int c = highest - Math.floorMod(highest, OCTAVE); highest - c + 1 < drumTop; c -= OCTAVE) {
            path.append("M0 ").append(highest - c + 1).append('H').append(width);
        }
        if (!drumKeys.isEmpty() && drumTop > 0) {
            path.append("M0 ").append(drumTop).append('H').append(width);
        }
        return path.toString();
    }

    private String bars() {
        int bar = piece.meter().ticksPerBar();
        int every = (width / bar - 1) / MOST_BARS + 1;
        StringBuilder path = new StringBuilder();
        for (int x = bar * every; x < width; x += bar * every) {
            path.append('M').append(x).append(" 0V").append(height());
        }
        return path.toString();
    }

    /** A second instrument of a family is paler. */
    private Map<Instrument, String> colours() {
        Map<Family, Integer> seen = new EnumMap<>(Family.class);
        Map<Instrument, String> colours = new TreeMap<>(BY_PROGRAM);
        for (Note note : notes) {
            colours.computeIfAbsent(note.instrument(), instrument -> {
                boolean first = seen.merge(instrument.family(), 1, Integer::sum) == 1;
                return FamilyColour.of(instrument.family()) + (first ? "" : " second");
            });
        }
        return colours;
    }

    private void legend(Html html, Map<Instrument, String> colours) {
        colours.forEach(
                (instrument, colour) -> html.in("li", () -> html.element("span", instrument.name()), "class", colour));
        html.element("li", facts(), "class", "plain");
    }

    private String facts() {
        int bars = barsUpTo(piece.lengthTicks());
        String shown = notes.size() < piece.notes().size() ? "the first " + notes.size() + " of " : "";
        return shown + piece.notes().size() + " notes, " + bars + (bars == 1 ? " bar of " : " bars of ") + piece.meter()
                + ", " + piece.tempoBpm() + " bpm";
    }

    /** The colour of each family of instruments; families that seldom meet share one. */
    static final class FamilyColour {
        private FamilyColour() {}

        /** The class of the style sheet that has the colour. */
        static String of(Family family) {
            return "c"
                    + switch (family) {
                        case PIANO -> 0;
                        case GUITAR, ETHNIC -> 1;
                        case STRINGS -> 2;
                        case ORGAN, SYNTH_PAD -> 3;
                        case BASS -> 4;
                        case REED -> 5;
                        case PIPE, SYNTH_LEAD -> 6;
                        case DRUMS -> 7;
                        case ENSEMBLE, SYNTH_EFFECTS -> 8;
                        case BRASS -> 9;
                        case CHROMATIC_PERCUSSION, PERCUSSIVE, SOUND_EFFECTS -> 10;
                    };
        }
    }
}
