package org.encore.rewards.learned.measures;

import java.util.List;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.MusicalMeasures;

/**
 * What figures are taken from.
 *
 * @param piece the piece
 * @param pitched its notes without drums
 * @param measures the general measures
 */
record PieceFacts(Piece piece, List<Note> pitched, MusicalMeasures measures) {
    static PieceFacts of(Piece piece) {
        List<Note> pitched = piece.notes().stream()
                .filter(note -> !note.instrument().isDrums())
                .toList();
        return new PieceFacts(piece, pitched, MusicalMeasures.of(piece));
    }

    PitchProfile pitches() {
        return PitchProfile.of(pitched);
    }

    /** Logarithms of the seconds of the pitched notes. */
    Moments durations() {
        return Moments.of(pitched.stream()
                .mapToDouble(note -> Math.log(note.duration() * piece.secondsPerTick()))
                .toArray());
    }

    OnsetPattern onsets() {
        return OnsetPattern.of(piece);
    }

    UpperLine line() {
        return UpperLine.of(pitched);
    }

    HarmonyTrace harmony() {
        return HarmonyTrace.of(pitched, piece.secondsPerTick());
    }

    double drumShare() {
        int notes = piece.notes().size();
        return notes == 0 ? 0.0 : (double) (notes - pitched.size()) / notes;
    }

    double instruments() {
        return piece.notes().stream().map(Note::instrument).distinct().count();
    }

    /** Share of minor seconds and major sevenths, octaves added or not, in all time two notes sound together. */
    double clash() {
        long together = 0;
        long clashing = 0;
        for (int i = 0; i < pitched.size(); i++) {
            Note note = pitched.get(i);
            for (int j = i + 1; j < pitched.size() && pitched.get(j).onset() < note.end(); j++) {
                Note other = pitched.get(j);
                int ticks = Math.min(note.end(), other.end()) - other.onset();
                int interval = Math.abs(note.pitch() - other.pitch()) % 12;
                together += ticks;
                clashing += interval == 1 || interval == 11 ? ticks : 0;
            }
        }
        return together == 0 ? 0.0 : (double) clashing / together;
    }
}
