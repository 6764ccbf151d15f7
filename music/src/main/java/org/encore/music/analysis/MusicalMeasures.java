package org.encore.music.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;

/**
 * Descriptive measures of a piece; none of them is a reward. Drums count in metre clarity, notes a second and empty
 * beats only.
 *
 * @param consonance time two notes sound together in a consonant interval (unison, third, fourth, fifth, sixth, up to
 *     octaves) over all time two notes sound together; in [0, 1], higher is more consonant; 1 if none do
 * @param metreClarity mean strength of the places where notes start: 1 for the bar line, 0.75 for its middle where there
 *     is one, 0.5 for a beat, 0.25 for half a beat, 0 elsewhere; in [0, 1], higher is a clearer metre; 0 without notes
 * @param repetition share of four successive moves of the upper line (interval and time to the next onset) that occurred
 *     before in the piece; in [0, 1], 0 is all new, 1 all repeated; neither end is better; 0 with fewer than six onsets
 * @param pitchRange highest minus lowest key, in semitones; 0 without notes
 * @param notesPerSecond notes over sounding length; 0 without notes
 * @param polyphony mean number of sounding keys while at least one sounds; 0 without notes, else at least 1
 * @param inKey share of the notes that lie in one major scale, the one that holds most (Mogren 2016, C-RNN-GAN: scale
 *     consistency); in [0, 1], higher is more diatonic, which is better only as far as the style asks for it; 1 without notes
 * @param emptyBeats share of the beats up to the end of the last note during which nothing sounds (after Dong et al. 2018,
 *     MuseGAN: empty bars); in [0, 1]; 0 without notes
 */
public record MusicalMeasures(
        double consonance,
        double metreClarity,
        double repetition,
        int pitchRange,
        double notesPerSecond,
        double polyphony,
        double inKey,
        double emptyBeats) {
    private static final int MAJOR = 0b101010110101;
    private static final int CONSONANT = 0b1110111001;
    private static final int MOVES = 4;

    /** Measures a piece in time proportional to notes times sounding voices. */
    public static MusicalMeasures of(Piece piece) {
        List<Note> pitched = piece.notes().stream()
                .filter(note -> !note.instrument().isDrums())
                .toList();
        int low = pitched.stream().mapToInt(Note::pitch).min().orElse(0);
        int high = pitched.stream().mapToInt(Note::pitch).max().orElse(0);
        double rate = piece.notes().isEmpty() ? 0.0 : piece.notes().size() / piece.seconds();
        return new MusicalMeasures(
                consonance(pitched),
                metreClarity(piece),
                repetition(pitched),
                high - low,
                rate,
                polyphony(pitched),
                inKey(pitched),
                emptyBeats(piece));
    }

    private static double inKey(List<Note> notes) {
        long most = 0;
        for (int tonic = 0; tonic < 12; tonic++) {
            int root = tonic;
            most = Math.max(
                    most,
                    notes.stream()
                            .filter(note -> (MAJOR >> (note.pitch() + 12 - root) % 12 & 1) == 1)
                            .count());
        }
        return notes.isEmpty() ? 1.0 : (double) most / notes.size();
    }

    private static double emptyBeats(Piece piece) {
        int beat = piece.meter().ticksPerBeat();
        int beats = (piece.lengthTicks() + beat - 1) / beat;
        BitSet sounding = new BitSet(beats);
        for (Note note : piece.notes()) {
            sounding.set(note.onset() / beat, (note.end() - 1) / beat + 1);
        }
        return beats == 0 ? 0.0 : 1.0 - (double) sounding.cardinality() / beats;
    }

    private static double consonance(List<Note> notes) {
        long together = 0;
        long consonant = 0;
        for (int i = 0; i < notes.size(); i++) {
            Note note = notes.get(i);
            for (int j = i + 1; j < notes.size() && notes.get(j).onset() < note.end(); j++) {
                Note other = notes.get(j);
                int ticks = Math.min(note.end(), other.end()) - other.onset();
                together += ticks;
                boolean isConsonant = (CONSONANT >> Math.abs(note.pitch() - other.pitch()) % 12 & 1) == 1;
                consonant += isConsonant ? ticks : 0;
            }
        }
        return together == 0 ? 1.0 : (double) consonant / together;
    }

    private static double metreClarity(Piece piece) {
        return piece.notes().stream()
                .mapToDouble(note -> strength(note.onset() % piece.meter().ticksPerBar(), piece.meter()))
                .average()
                .orElse(0.0);
    }

    private static double strength(int tick, Meter meter) {
        if (tick == 0) {
            return 1.0;
        }
        if (meter.beats() % 2 == 0 && 2 * tick == meter.ticksPerBar()) {
            return 0.75;
        }
        if (tick % meter.ticksPerBeat() == 0) {
            return 0.5;
        }
        return 2 * tick % meter.ticksPerBeat() == 0 ? 0.25 : 0.0;
    }

    private static double repetition(List<Note> notes) {
        List<Note> upper = new ArrayList<>();
        for (Note note : notes) {
            int last = upper.size() - 1;
            if (last < 0 || upper.get(last).onset() < note.onset()) {
                upper.add(note);
            } else if (upper.get(last).pitch() < note.pitch()) {
                upper.set(last, note);
            }
        }
        Set<List<Integer>> seen = new HashSet<>();
        int windows = upper.size() - MOVES;
        int repeated = 0;
        for (int start = 0; start < windows; start++) {
            List<Integer> moves = new ArrayList<>();
            for (int i = start; i < start + MOVES; i++) {
                moves.add(upper.get(i + 1).pitch() - upper.get(i).pitch());
                moves.add(upper.get(i + 1).onset() - upper.get(i).onset());
            }
            repeated += seen.add(moves) ? 0 : 1;
        }
        return windows < 2 ? 0.0 : (double) repeated / windows;
    }

    private static double polyphony(List<Note> notes) {
        long sounding = 0;
        long covered = 0;
        int end = 0;
        for (Note note : notes) {
            sounding += note.duration();
            covered += Math.max(0, note.end() - Math.max(end, note.onset()));
            end = Math.max(end, note.end());
        }
        return covered == 0 ? 0.0 : (double) sounding / covered;
    }
}
