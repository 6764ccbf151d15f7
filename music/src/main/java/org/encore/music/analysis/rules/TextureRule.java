package org.encore.music.analysis.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Attributes.Texture;

/**
 * Measures how voices combine; drums are left out, octaves count as one pitch.
 *
 * <p>Three shares are measured. Overlap: sounding time with two pitch classes or more. Chords: notes that start
 * together with at least two other pitch classes. Independence: onsets over an earlier note of another pitch class.
 * Monophonic falls from 1 at 10 % overlap to 0 at 35 %; homophonic rises with chords (10 to 30 %); polyphonic falls
 * with chords (15 to 40 %) and rises with independence and overlap (5 to 25 % each).
 */
public final class TextureRule {
    private double soundingTicks;
    private double overlapTicks;
    private int notes;
    private int chordNotes;
    private int onsets;
    private int independentOnsets;

    public TextureRule(Piece piece) {
        List<Note> pitched = new ArrayList<>();
        for (Note note : piece.notes()) {
            if (!note.instrument().isDrums()) {
                pitched.add(note);
            }
        }
        notes = pitched.size();
        sweep(pitched);
    }

    /** Likeness in [0, 1]; 0 without notes. */
    public double score(Texture texture) {
        if (notes == 0) {
            return 0.0;
        }
        double overlap = overlap();
        return switch (texture) {
            case MONOPHONIC -> BandRule.ramp(overlap, 0.35, 0.1);
            case HOMOPHONIC -> BandRule.ramp(chords(), 0.1, 0.3);
            case POLYPHONIC ->
                BandRule.ramp(chords(), 0.4, 0.15)
                        * BandRule.ramp(independence(), 0.05, 0.25)
                        * BandRule.ramp(overlap, 0.05, 0.25);
        };
    }

    /** What was found, in words. */
    public String explanation() {
        return String.format(
                Locale.ROOT, "overlap %.2f, chords %.2f, independence %.2f", overlap(), chords(), independence());
    }

    public double overlap() {
        return soundingTicks == 0.0 ? 0.0 : overlapTicks / soundingTicks;
    }

    public double chords() {
        return notes == 0 ? 0.0 : (double) chordNotes / notes;
    }

    public double independence() {
        return onsets == 0 ? 0.0 : (double) independentOnsets / onsets;
    }

    /** Goes through the notes in order of onset and keeps the set of sounding notes. */
    private void sweep(List<Note> pitched) {
        PriorityQueue<Note> sounding = new PriorityQueue<>(Comparator.comparingInt(Note::end));
        int[] voices = new int[12];
        int now = 0;
        int from = 0;
        while (from < pitched.size()) {
            int onset = pitched.get(from).onset();
            now = advance(sounding, voices, now, onset);
            int to = from;
            int starting = 0;
            while (to < pitched.size() && pitched.get(to).onset() == onset) {
                starting |= 1 << pitched.get(to).pitch() % 12;
                to++;
            }
            onsets++;
            independentOnsets += (classes(voices) & ~starting) != 0 ? 1 : 0;
            chordNotes += Integer.bitCount(starting) >= 3 ? to - from : 0;
            for (Note note : pitched.subList(from, to)) {
                voices[note.pitch() % 12]++;
                sounding.add(note);
            }
            from = to;
        }
        advance(sounding, voices, now, Integer.MAX_VALUE);
    }

    /** Advances the time, ends notes on the way, and measures the overlap. */
    private int advance(PriorityQueue<Note> sounding, int[] voices, int from, int to) {
        int now = from;
        while (!sounding.isEmpty() && sounding.peek().end() <= to) {
            Note ending = sounding.remove();
            measure(voices, ending.end() - now);
            now = ending.end();
            voices[ending.pitch() % 12]--;
        }
        if (!sounding.isEmpty()) {
            measure(voices, to - now);
        }
        return to;
    }

    private void measure(int[] voices, int ticks) {
        int count = Integer.bitCount(classes(voices));
        soundingTicks += count >= 1 ? ticks : 0;
        overlapTicks += count >= 2 ? ticks : 0;
    }

    private static int classes(int[] voices) {
        int classes = 0;
        for (int pitchClass = 0; pitchClass < 12; pitchClass++) {
            classes |= voices[pitchClass] > 0 ? 1 << pitchClass : 0;
        }
        return classes;
    }
}
