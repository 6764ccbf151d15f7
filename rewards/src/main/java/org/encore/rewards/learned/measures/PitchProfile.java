package org.encore.rewards.learned.measures;

import java.util.Arrays;
import java.util.List;
import org.encore.music.Note;

/**
 * Which keys sound.
 *
 * @param keys of the notes
 * @param classes share of the sounding time that each pitch class has; zeros without notes
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record PitchProfile(double[] keys, double[] classes) {
    private static final int[] MAJOR = {0, 2, 4, 5, 7, 9, 11};
    private static final int LOWEST_TENOR = 48;

    static PitchProfile of(List<Note> notes) {
        double[] classes = new double[12];
        double total = notes.stream().mapToInt(Note::duration).sum();
        for (Note note : notes) {
            classes[note.pitch() % 12] += note.duration() / total;
        }
        return new PitchProfile(notes.stream().mapToDouble(Note::pitch).toArray(), classes);
    }

    double mean() {
        return Moments.of(keys).mean();
    }

    double spread() {
        return Moments.of(keys).spread();
    }

    double bassShare() {
        return Arrays.stream(keys)
                .map(key -> key < LOWEST_TENOR ? 1.0 : 0.0)
                .average()
                .orElse(0.0);
    }

    double entropy() {
        return Arrays.stream(classes)
                .filter(share -> share > 0.0)
                .map(share -> -share * Math.log(share))
                .sum();
    }

    double scaleFit() {
        double best = 0.0;
        for (int tonic = 0; tonic < 12; tonic++) {
            double inside = 0.0;
            for (int degree : MAJOR) {
                inside += classes[(tonic + degree) % 12];
            }
            best = Math.max(best, inside);
        }
        return best;
    }
}
