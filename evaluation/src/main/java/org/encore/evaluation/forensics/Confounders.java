package org.encore.evaluation.forensics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.music.Note;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.analysis.Surface;
import org.encore.rewards.Sample;

/**
 * Figures of a sample that a reward may follow although they do not make music better.
 *
 * <p>Of notes: {@code notes_loudness_db}, {@code notes_silence}, {@code seconds}, {@code mean_pitch} (register, drums
 * left out), {@code notes_per_second}, {@code repetition}. Of sound: {@code sound_loudness_db} and
 * {@code sound_silence}, and {@code seconds} where there are no notes. Sound is measured where some reward has listened
 * to it: a reward that reads notes cannot follow anything in the sound that is not in the notes.
 */
public final class Confounders {
    private Confounders() {}

    /** The figures by name, in the order above; what cannot be said of a sample is missing. */
    public static Map<String, Double> of(Sample sample) {
        Map<String, Double> figures = new LinkedHashMap<>();
        sample.clip().piece().ifPresent(piece -> {
            Surface notes = Surface.of(piece);
            figures.put("notes_loudness_db", notes.loudnessDecibels());
            figures.put("notes_silence", notes.silence());
            figures.put("seconds", piece.seconds());
            piece.notes().stream()
                    .filter(note -> !note.instrument().isDrums())
                    .mapToInt(Note::pitch)
                    .average()
                    .ifPresent(mean -> figures.put("mean_pitch", mean));
            MusicalMeasures measures = MusicalMeasures.of(piece);
            figures.put("notes_per_second", measures.notesPerSecond());
            figures.put("repetition", measures.repetition());
        });
        sample.clip().rendered().ifPresent(waveform -> {
            Surface sound = Surface.of(waveform);
            figures.put("sound_loudness_db", sound.loudnessDecibels());
            figures.put("sound_silence", sound.silence());
            figures.putIfAbsent("seconds", waveform.seconds());
        });
        return figures;
    }
}
