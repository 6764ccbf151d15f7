package org.encore.preferences.listening.clips;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;

/** A clip as the page plays it: plain WAV made from samples alone, its length and its outline. */
public final class Recording {
    private static final int PEAKS = 160;
    private static final double FADE_SECONDS = 0.05;

    private final byte[] wav;
    private final double seconds;
    private final List<Integer> peaks;

    private Recording(byte[] wav, double seconds, List<Integer> peaks) {
        this.wav = wav;
        this.seconds = seconds;
        this.peaks = peaks;
    }

    /** Takes at most so many seconds of a sound; where it is cut, it fades within 50 ms. */
    public static Recording of(Waveform sound, double longestSeconds) {
        Waveform heard = cut(sound, longestSeconds);
        return new Recording(WaveFiles.toBytes(heard), heard.seconds(), outline(heard.samples()));
    }

    /** The bytes of the WAV file, from one place to another. */
    public byte[] bytes(int from, int to) {
        return Arrays.copyOfRange(wav, from, to);
    }

    /** Length of the WAV file in bytes. */
    public int length() {
        return wav.length;
    }

    public double seconds() {
        return seconds;
    }

    /** The outline: the loudest sample in each of up to 160 stretches, 100 where the clip is loudest. */
    public List<Integer> peaks() {
        return peaks;
    }

    private static Waveform cut(Waveform sound, double longestSeconds) {
        int most = (int) Math.min(Integer.MAX_VALUE, Math.round(longestSeconds * sound.sampleRate()));
        if (sound.samples().length <= most) {
            return sound;
        }
        float[] samples = Arrays.copyOf(sound.samples(), most);
        int fade = (int) Math.min(most, Math.round(FADE_SECONDS * sound.sampleRate()));
        for (int i = 0; i < fade; i++) {
            samples[most - 1 - i] *= (float) i / fade;
        }
        return new Waveform(samples, sound.sampleRate());
    }

    private static List<Integer> outline(float[] samples) {
        int stretches = Math.min(PEAKS, samples.length);
        float[] loudest = new float[stretches];
        float most = 1e-6f;
        for (int stretch = 0; stretch < stretches; stretch++) {
            int to = (int) ((stretch + 1L) * samples.length / stretches);
            for (int i = (int) ((long) stretch * samples.length / stretches); i < to; i++) {
                loudest[stretch] = Math.max(loudest[stretch], Math.abs(samples[i]));
            }
            most = Math.max(most, loudest[stretch]);
        }
        List<Integer> outline = new ArrayList<>();
        for (float each : loudest) {
            outline.add(Math.round(100 * each / most));
        }
        return List.copyOf(outline);
    }
}
