package org.encore.music.analysis;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Timbre;

/** How different the pieces of a set are from each other. */
public final class Diversity {
    private static final int LONGEST = 48;

    private Diversity() {}

    /** A piece as histograms that each sum to 1, or to 0 if there is nothing to count. */
    private record Profile(List<double[]> histograms) {
        static Profile of(Piece piece) {
            double[] pitchClasses = new double[12];
            double[] intervals = new double[25];
            double[] places = new double[LONGEST];
            double[] durations = new double[LONGEST + 1];
            double[] timbres = new double[129];
            double[] octaves = new double[11];
            Note previous = null;
            for (Note note : piece.notes()) {
                timbres[Timbre.nearest(note.instrument()).instrument().program()]++;
                places[note.onset() % piece.meter().ticksPerBar() % LONGEST]++;
                if (!note.instrument().isDrums()) {
                    pitchClasses[note.pitch() % 12]++;
                    octaves[note.pitch() / 12]++;
                    durations[Math.min(note.duration(), LONGEST)]++;
                    if (previous != null) {
                        intervals[12 + Math.max(-12, Math.min(12, note.pitch() - previous.pitch()))]++;
                    }
                    previous = note;
                }
            }
            List<double[]> histograms = List.of(pitchClasses, intervals, places, durations, timbres, octaves);
            histograms.forEach(Diversity::normalise);
            return new Profile(histograms);
        }

        double distanceTo(Profile other) {
            double sum = 0.0;
            for (int i = 0; i < histograms.size(); i++) {
                sum += totalVariation(histograms.get(i), other.histograms.get(i));
            }
            return sum / histograms.size();
        }
    }

    /**
     * The mean distance of two different members of a set.
     *
     * <p>The distance of two pieces is the mean total variation, {@code sum |p - q| / 2}, of their histograms of pitch
     * class, octave, interval between successive notes, place in the bar, duration and timbre.
     *
     * @return in [0, 1]: 0 if all are equal or there are fewer than two, 1 if no two share a bin of any histogram
     */
    public static double of(List<Piece> pieces) {
        List<Profile> profiles = new ArrayList<>();
        for (Piece piece : pieces) {
            profiles.add(Profile.of(piece));
        }
        double sum = 0.0;
        long pairs = 0;
        for (int i = 0; i < profiles.size(); i++) {
            for (int j = 0; j < i; j++) {
                sum += profiles.get(i).distanceTo(profiles.get(j));
                pairs++;
            }
        }
        return pairs == 0 ? 0.0 : sum / pairs;
    }

    private static void normalise(double[] histogram) {
        double sum = 0.0;
        for (double count : histogram) {
            sum += count;
        }
        for (int i = 0; i < histogram.length && sum > 0.0; i++) {
            histogram[i] /= sum;
        }
    }

    private static double totalVariation(double[] p, double[] q) {
        double sum = 0.0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.abs(p[i] - q[i]);
        }
        return sum / 2.0;
    }
}
