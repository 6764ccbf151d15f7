package org.encore.rewards.learned.measures;

import java.util.Map;
import java.util.TreeMap;
import org.encore.music.Note;
import org.encore.music.Piece;

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

    /** Looks at the first minute, in frames of 40 ms. */
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

    /** Largest autocorrelation at delays of so many seconds; 0 if the piece is too short. */
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
