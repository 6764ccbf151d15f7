package org.encore.rewards.learned.measures;

import java.util.List;
import org.encore.music.Note;

/**
 * The pitch classes of each second.
 *
 * @param chroma sounding time of each pitch class, scaled to length 1; zeros where nothing sounds, {@code [seconds][12]}
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

    /** Mean cosine of seconds that lie so far apart; 0 without any. */
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
