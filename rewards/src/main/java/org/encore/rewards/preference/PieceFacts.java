package org.encore.rewards.preference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.MusicalMeasures;

/**
 * Intermediate results for the measures of a piece.
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

    /** Share of minor seconds and major sevenths, octaves aside, in all time that two notes sound together. */
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

    /**
     * The pitch classes of each second.
     *
     * @param chroma sounding time of each pitch class, scaled to length 1; zeros where nothing sounds, {@code
     *     [seconds][12]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record HarmonyTrace(double[][] chroma) {
        private static final int MOST_SECONDS = 120;
        private static final int DISTANT = 4;

        static HarmonyTrace of(List<Note> notes, double secondsPerTick) {
            double end = notes.stream().mapToInt(Note::end).max().orElse(0) * secondsPerTick;
            double[][] chroma = new double[Math.min(MOST_SECONDS, (int) Math.ceil(end))][12];
            for (Note note : notes) {
                double from = note.onset() * secondsPerTick;
                double to = note.end() * secondsPerTick;
                for (int second = (int) from; second < Math.min(to, chroma.length); second++) {
                    chroma[second][note.pitch() % 12] += Math.min(to, second + 1.0) - Math.max(from, second);
                }
            }
            for (double[] second : chroma) {
                double length = Math.sqrt(dot(second, second));
                for (int i = 0; i < second.length; i++) {
                    second[i] /= length > 0.0 ? length : 1.0;
                }
            }
            return new HarmonyTrace(chroma);
        }

        double neighbours() {
            return mean(1, 1);
        }

        double distant() {
            return mean(DISTANT, chroma.length);
        }

        /** Mean cosine of seconds at these distances; 0 without any. */
        private double mean(int nearest, int farthest) {
            double sum = 0.0;
            int count = 0;
            for (int i = 0; i < chroma.length; i++) {
                for (int j = i + nearest; j <= Math.min(i + farthest, chroma.length - 1); j++) {
                    sum += dot(chroma[i], chroma[j]);
                    count++;
                }
            }
            return count == 0 ? 0.0 : sum / count;
        }

        private static double dot(double[] one, double[] other) {
            double sum = 0.0;
            for (int i = 0; i < one.length; i++) {
                sum += one[i] * other[i];
            }
            return sum;
        }
    }

    /**
     * Mean and standard deviation of some numbers; 0 without any.
     *
     * @param mean the mean
     * @param spread the standard deviation
     */
    record Moments(double mean, double spread) {
        static Moments of(double[] numbers) {
            double mean = Arrays.stream(numbers).average().orElse(0.0);
            double variance = Arrays.stream(numbers)
                    .map(each -> (each - mean) * (each - mean))
                    .average()
                    .orElse(0.0);
            return new Moments(mean, Math.sqrt(variance));
        }

        /** Entropy of counts, in nats; 0 without any. */
        static double entropy(Map<Integer, Integer> counts) {
            double total = counts.values().stream().mapToInt(Integer::intValue).sum();
            return counts.values().stream()
                    .mapToDouble(count -> -count / total * Math.log(count / total))
                    .sum();
        }
    }

    /**
     * When notes start, drums included.
     *
     * @param onsets number of notes that start in each frame, less their mean
     * @param gaps how often each time between neighbouring onsets occurs, in frames
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record OnsetPattern(double[] onsets, Map<Integer, Integer> gaps) {
        private static final double FRAMES_PER_S = 25.0;
        private static final int MOST_FRAMES = 1500;

        /** The onsets of the first minute, in frames of 40 ms. */
        static OnsetPattern of(Piece piece) {
            int frames = Math.min(MOST_FRAMES, (int) (piece.seconds() * FRAMES_PER_S) + 1);
            double[] onsets = new double[frames];
            Map<Integer, Integer> gaps = new TreeMap<>();
            int last = -1;
            for (Note note : piece.notes()) {
                int frame = (int) (note.onset() * piece.secondsPerTick() * FRAMES_PER_S);
                if (frame < frames) {
                    onsets[frame]++;
                    if (last >= 0 && frame > last) {
                        gaps.merge(frame - last, 1, Integer::sum);
                    }
                    last = frame;
                }
            }
            double mean = Moments.of(onsets).mean();
            for (int frame = 0; frame < frames; frame++) {
                onsets[frame] -= mean;
            }
            return new OnsetPattern(onsets, gaps);
        }

        double entropy() {
            return Moments.entropy(gaps);
        }

        /** Largest autocorrelation at delays in this range; 0 if the piece is too short. */
        double repetition(double fromSeconds, double toSeconds) {
            double energy = product(0);
            double best = 0.0;
            int to = Math.min(onsets.length - 1, (int) (toSeconds * FRAMES_PER_S));
            for (int delay = (int) (fromSeconds * FRAMES_PER_S); delay <= to; delay++) {
                best = Math.max(best, energy == 0.0 ? 0.0 : product(delay) / energy);
            }
            return best;
        }

        private double product(int delay) {
            double sum = 0.0;
            for (int frame = delay; frame < onsets.length; frame++) {
                sum += onsets[frame] * onsets[frame - delay];
            }
            return sum;
        }
    }

    /**
     * Distribution of the keys.
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

    /**
     * Moves of the highest note from onset to onset.
     *
     * @param moves in semitones, upwards above 0
     */
    record UpperLine(List<Integer> moves) {
        /** Onsets nearer than this count as one chord: a sixteenth at 120 quarter notes a minute. */
        private static final int TICKS_PER_ONSET = 3;

        static UpperLine of(List<Note> notes) {
            Map<Integer, Integer> highest = new TreeMap<>();
            notes.forEach(note -> highest.merge(note.onset() / TICKS_PER_ONSET, note.pitch(), Math::max));
            List<Integer> keys = List.copyOf(highest.values());
            List<Integer> moves = new ArrayList<>();
            for (int i = 1; i < keys.size(); i++) {
                moves.add(keys.get(i) - keys.get(i - 1));
            }
            return new UpperLine(moves);
        }

        /** Share of moves by this many semitones, up or down; 0 without moves. */
        double share(int from, int to) {
            return moves.stream()
                    .mapToDouble(move -> Math.abs(move) >= from && Math.abs(move) <= to ? 1.0 : 0.0)
                    .average()
                    .orElse(0.0);
        }

        /** Share of sequences of this many moves that occurred before; 0 if there are fewer moves. */
        double repetition(int length) {
            Set<List<Integer>> seen = new HashSet<>();
            int windows = moves.size() - length + 1;
            int repeated = 0;
            for (int i = 0; i < windows; i++) {
                repeated += seen.add(moves.subList(i, i + length)) ? 0 : 1;
            }
            return windows <= 0 ? 0.0 : (double) repeated / windows;
        }
    }
}
