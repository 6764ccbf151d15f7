package org.encore.preferences.listening.clips;

import java.util.List;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;

/** A sound for setting the volume and checking headphones: four notes on one side, then four on the other. */
public final class LevelCheck {
    private static final int SAMPLE_RATE = 32_000;
    private static final double NOTE_SECONDS = 0.4;
    private static final double DECAY_A_SECOND = 4.0;
    private static final int PARTIALS = 5;

    /** A major chord, upwards and back, in Hz. */
    private static final List<Double> NOTES = List.of(261.63, 329.63, 392.0, 329.63);

    private LevelCheck() {}

    /**
     * The sound as the bytes of a WAV file.
     *
     * @param leftFirst whether it begins on the left
     * @param loudness of the whole, in LUFS
     */
    public static byte[] wav(boolean leftFirst, double loudness) {
        int note = (int) (NOTE_SECONDS * SAMPLE_RATE);
        float[] first = new float[2 * NOTES.size() * note];
        float[] second = new float[first.length];
        for (int n = 0; n < NOTES.size(); n++) {
            for (int i = 0; i < note; i++) {
                float sample = (float) (Math.exp(-DECAY_A_SECOND * i / SAMPLE_RATE) * tone(NOTES.get(n), i));
                first[n * note + i] = sample;
                second[(NOTES.size() + n) * note + i] = sample;
            }
        }
        List<float[]> channels = leftFirst ? List.of(first, second) : List.of(second, first);
        return WaveFiles.toBytes(Loudness.matched(new Waveform(channels, SAMPLE_RATE), loudness));
    }

    /** Partials that become softer upwards, as those of a string do; they begin at 0, so that nothing clicks. */
    private static double tone(double hertz, int sample) {
        double sum = 0.0;
        for (int partial = 1; partial <= PARTIALS; partial++) {
            sum += Math.sin(2.0 * Math.PI * hertz * partial * sample / SAMPLE_RATE) / (partial * partial);
        }
        return 0.5 * sum;
    }
}
