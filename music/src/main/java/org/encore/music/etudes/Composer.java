package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.etudes.Planner.EtudePlan;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Groove.Hit;
import org.encore.music.etudes.idiom.Groove.Part;
import org.encore.music.etudes.idiom.Idiom;
import org.encore.music.etudes.idiom.Melody;
import org.encore.music.etudes.idiom.Progressions;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.etudes.idiom.ScaleKind;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Timbre;

/** Composes plans: form, lines by texture, marks of the scale, drums; thinner or shorter until the codes suffice. */
final class Composer {
    /** The most codes of an étude. */
    static final int MOST_CODES = 256;

    private final Groove groove = Groove.shipped();
    private final Progressions progressions = Progressions.shipped();

    /**
     * Composes a piece.
     *
     * @param streams gives the same stream each time, so that a thinner attempt is the same music
     */
    Piece compose(EtudePlan plan, Supplier<RandomGenerator> streams) {
        int fewest = Planner.fewestBars(EtudePlan.secondsPerBar(plan.tempoBpm(), plan.meter()));
        for (Economy economy : Economy.values()) {
            boolean isLast = economy == Economy.STRICT;
            for (int bars = plan.bars(); bars >= (isLast ? 3 : Math.max(fewest, plan.bars() - 2)); bars--) {
                Piece piece = NoteLanguage.quantised(attempt(plan.withBars(bars), economy, streams.get()));
                if (NoteLanguage.codes(piece) <= MOST_CODES) {
                    return piece;
                }
            }
        }
        throw new IllegalStateException(
                "even the shortest form of " + plan + " has more than " + MOST_CODES + " codes");
    }

    private Piece attempt(EtudePlan plan, Economy economy, RandomGenerator random) {
        Sheet sheet = new Sheet(plan);
        Form form = Form.draw(plan, groove, progressions, random);
        switch (plan.truth().texture().orElseThrow()) {
            case MONOPHONIC -> new MonophonicWriter(sheet, form, economy, random).write();
            case HOMOPHONIC -> new HomophonicWriter(sheet, form, economy, random).write();
            case POLYPHONIC -> new PolyphonicWriter(sheet, form, economy, random).write();
        }
        new ScaleMarks(sheet, form).write();
        if (plan.truth().instruments().contains(Timbre.DRUMS)) {
            DrumWriter.write(sheet, form, economy);
        }
        return sheet.piece();
    }

    /** Writes the drums of a groove on the kit of its style. */
    static final class DrumWriter {
        private static final List<Part> PARTS = List.of(Part.KICK, Part.SNARE, Part.HAT);

        private DrumWriter() {}

        /** Writes every bar and a last stroke. */
        static void write(Sheet sheet, Form form, Economy economy) {
            List<Integer> kit =
                    Idiom.of(sheet.plan().truth().style().orElseThrow()).kit();
            for (int bar = 0; bar < form.bars(); bar++) {
                List<Hit> hits = form.grooves().get(bar).hits().stream()
                        .filter(hit -> PARTS.stream().anyMatch(hit::strikes))
                        .toList();
                for (Hit hit : economy.sparingDrums(hits)) {
                    for (int i = 0; i < PARTS.size(); i++) {
                        if (hit.strikes(PARTS.get(i))) {
                            sheet.play(
                                    Timbre.DRUMS, sheet.startOf(bar) + hit.tick(), Piece.TICKS_PER_QUARTER, kit.get(i));
                        }
                    }
                }
            }
            sheet.play(Timbre.DRUMS, sheet.startOf(form.bars()), Piece.TICKS_PER_QUARTER, kit.get(0));
        }
    }

    /** How much a composer thins the accompaniment so that a piece fits its codes; the melody stays. */
    enum Economy {
        /** All hits of the groove. */
        NONE(8, 4),
        /** Two hits of each accompanying part a bar. */
        SOME(2, 2),
        /** One hit of each accompanying part a bar. */
        STRICT(1, 1);

        private final int hitsPerBar;
        private final int drumHitsPerBar;

        Economy(int hitsPerBar, int drumHitsPerBar) {
            this.hitsPerBar = hitsPerBar;
            this.drumHitsPerBar = drumHitsPerBar;
        }

        /** The hits of a bar that chords or bass may play: evenly spread over it. */
        List<Integer> sparing(List<Integer> ticks) {
            return spread(ticks, hitsPerBar);
        }

        /** The hits of a bar that drums may play. */
        <T> List<T> sparingDrums(List<T> hits) {
            return spread(hits, drumHitsPerBar);
        }

        private static <T> List<T> spread(List<T> all, int most) {
            if (all.size() <= most) {
                return all;
            }
            return IntStream.range(0, most)
                    .mapToObj(i -> all.get(i * all.size() / most))
                    .toList();
        }
    }

    /** Makes sure that the tones that distinguish the scale occur, and blue notes in the blues. */
    static final class ScaleMarks {
        private static final int FEWEST = 2;
        private static final int BLUE = 6;
        private static final int LEADS_PER_BLUE_NOTE = 10;

        private final Sheet sheet;
        private final Form form;

        ScaleMarks(Sheet sheet, Form form) {
            this.sheet = sheet;
            this.form = form;
        }

        /** Revises as few notes of the leading line as possible. */
        void write() {
            if (sheet.plan().truth().style().orElseThrow() == Style.BLUES) {
                revise(BLUE, Math.max(FEWEST, sheet.leads() / LEADS_PER_BLUE_NOTE), List.of(5, 7));
            }
            for (int mark : sheet.plan().scale().marks()) {
                revise(mark, FEWEST, List.of(mark - 2, mark - 1, mark + 1, mark + 2));
            }
        }

        /** Changes notes near a tone into it until it occurs often enough. */
        private void revise(int mark, int wanted, List<Integer> sources) {
            long missing = wanted - sheet.count(mark);
            for (List<Integer> candidates : List.of(candidates(mark, sources), candidates(mark, List.of()))) {
                for (int i = 0; i < candidates.size() && missing > 0; i++) {
                    int place = candidates.get(spread(i, candidates.size()));
                    int move = distance(sheet.lead(place), mark);
                    if (move != 0) {
                        sheet.revise(place, move);
                        missing--;
                    }
                }
            }
        }

        /** Leading notes off the bar lines: those at the source tones, or any; over chords that hold the mark first. */
        private List<Integer> candidates(int mark, List<Integer> sources) {
            List<Integer> fitting = new ArrayList<>();
            List<Integer> others = new ArrayList<>();
            for (int i = 1; i < sheet.leads(); i++) {
                Note note = sheet.lead(i);
                int bar = note.onset() / sheet.plan().meter().ticksPerBar();
                boolean isOnBarLine = note.onset() % sheet.plan().meter().ticksPerBar() == 0;
                int tone = Math.floorMod(note.pitch() - sheet.plan().tonic(), 12);
                if (!isOnBarLine
                        && bar < form.bars()
                        && !isProtected(tone)
                        && (sources.isEmpty() || sources.contains(tone))) {
                    (holds(form.degree(bar), mark) ? fitting : others).add(i);
                }
            }
            return fitting.isEmpty() ? others : fitting;
        }

        private boolean holds(int degree, int mark) {
            ScaleKind scale = sheet.plan().scale();
            for (int third = 0; third < 3; third++) {
                if (Math.floorMod(scale.semitones(degree + 2 * third, degree) - mark, 12) == 0) {
                    return true;
                }
            }
            return false;
        }

        private int distance(Note note, int mark) {
            int up = Math.floorMod(sheet.plan().tonic() + mark - note.pitch(), 12);
            return up <= 6 ? up : up - 12;
        }

        private boolean isProtected(int tone) {
            return tone == BLUE || IntStream.of(sheet.plan().scale().marks()).anyMatch(mark -> mark == tone);
        }

        /** Visits places far apart first. */
        private static int spread(int index, int size) {
            return (int) ((index * 5L + size / 2) % size);
        }
    }

    /** Writes one line on every hit of the groove: the instruments take turns, or play together in octaves. */
    static final class MonophonicWriter {
        private static final int LONG_FORM_BARS = 8;

        private final Sheet sheet;
        private final Form form;
        private final Melody melody;
        private final List<Timbre> players;
        private final boolean isInUnison;
        private final int barsPerTurn;

        MonophonicWriter(Sheet sheet, Form form, Economy economy, RandomGenerator random) {
            this.sheet = sheet;
            this.form = form;
            this.melody = new Melody(sheet.plan().truth().style().orElseThrow(), random);
            this.players = sheet.plan().pitched();
            boolean isDense = sheet.plan().truth().density().orElseThrow() == Density.DENSE;
            this.isInUnison = random.nextInt(2) == 0 && !isDense && economy == Economy.NONE;
            this.barsPerTurn = form.bars() >= LONG_FORM_BARS ? 2 : 1;
        }

        /** Writes every bar and the last unison. */
        void write() {
            int previous = 0;
            for (int bar = 0; bar < form.bars(); bar++) {
                List<Integer> ticks = form.grooves().get(bar).ticks();
                int[] steps = melody.steps(form.motifs().charAt(bar), ticks, form.degree(bar), previous);
                steps[0] = bar == 0 ? 0 : steps[0];
                previous = steps[steps.length - 1];
                Timbre inTurn = players.get(bar / barsPerTurn % players.size());
                for (Timbre player : isInUnison ? players : List.of(inTurn)) {
                    writeBar(player, bar, ticks, steps);
                }
            }
            for (Timbre player : players) {
                int key = sheet.key(Register.of(player), 0, 0);
                sheet.lead(
                        player, sheet.startOf(form.bars()), sheet.plan().meter().ticksPerBar(), key);
            }
        }

        private void writeBar(Timbre player, int bar, List<Integer> ticks, int[] steps) {
            int length = Idiom.of(sheet.plan().truth().style().orElseThrow())
                    .melodyTicks(sheet.plan().truth().density().orElseThrow());
            for (int i = 0; i < steps.length; i++) {
                int gap = Groove.gapAfter(ticks, i, sheet.plan().meter().ticksPerBar());
                int key = sheet.key(Register.of(player), steps[i], form.degree(bar));
                int duration = length == Idiom.LEGATO ? gap : Math.min(length, gap);
                sheet.lead(player, sheet.startOf(bar) + ticks.get(i), duration, key);
            }
        }
    }
}
