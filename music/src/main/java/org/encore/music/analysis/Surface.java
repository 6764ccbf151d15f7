package org.encore.music.analysis;

import java.util.BitSet;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;

/**
 * Loudness and silence of a clip: quantities that are easy to change without making better music.
 *
 * @param loudnessDecibels of notes, {@code 10 log10} of the mean over time of the sum of {@code (velocity / 127)²} over the sounding notes; of sound, {@code 10 log10} of the mean square, 0 being that of a square wave of full scale; at
 *     least {@value #SILENT_DECIBELS}
 * @param silence of notes, share of the time up to the end of the last one in which none sounds; of sound, share of its 50 ms windows whose mean square is below {@value #SILENT_DECIBELS} dB; in [0, 1]; 1 for an empty clip
 */
public record Surface(double loudnessDecibels, double silence) {
    /** The highest level that counts as silent; our choice. */
    public static final double SILENT_DECIBELS = -60.0;

    private static final double SECONDS = 0.05;
    private static final double LOUDEST = 127.0;

    /** Measures notes, without rendering them. */
    public static Surface of(Piece piece) {
        int length = piece.lengthTicks();
        BitSet sounding = new BitSet(length);
        double energy = 0.0;
        for (Note note : piece.notes()) {
            sounding.set(note.onset(), note.end());
            energy += note.duration() * Math.pow(note.velocity() / LOUDEST, 2.0);
        }
        return length == 0
                ? new Surface(SILENT_DECIBELS, 1.0)
                : new Surface(decibels(energy / length), 1.0 - (double) sounding.cardinality() / length);
    }

    /** Measures sound. */
    public static Surface of(Waveform waveform) {
        float[] samples = waveform.samples();
        int stretch = (int) Math.max(1, Math.round(SECONDS * waveform.sampleRate()));
        double all = 0.0;
        int stretches = 0;
        int silent = 0;
        for (int from = 0; from < samples.length; from += stretch) {
            int to = Math.min(samples.length, from + stretch);
            double squares = 0.0;
            for (int i = from; i < to; i++) {
                squares += (double) samples[i] * samples[i];
            }
            all += squares;
            stretches++;
            silent += decibels(squares / (to - from)) <= SILENT_DECIBELS ? 1 : 0;
        }
        return stretches == 0
                ? new Surface(SILENT_DECIBELS, 1.0)
                : new Surface(decibels(all / samples.length), (double) silent / stretches);
    }

    private static double decibels(double power) {
        return Math.max(SILENT_DECIBELS, 10.0 * Math.log10(power));
    }
}
