package org.encore.preferences.listening.clips;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.midi.MidiFiles;

/**
 * Creates recordings from files and caches the most recently used.
 *
 * <p>Thread-safe; a file that several threads request at once is read once.
 */
public final class Recordings {
    private final double longestSeconds;
    private final double loudness;
    private final Synthesiser synthesiser;
    private final Map<Key, CompletableFuture<Recording>> kept;

    /** A file, and the level at which it is played. */
    private record Key(Path file, double loudness) {}

    /**
     * Creates an empty cache.
     *
     * @param longestSeconds length at which clips are cut, at least 1
     * @param loudness of all clips in LUFS; 0 leaves them as they are
     * @param most number of cached recordings
     */
    public Recordings(double longestSeconds, double loudness, int most) {
        this.longestSeconds = longestSeconds;
        this.loudness = loudness;
        Synthesiser.Settings standard = Synthesiser.Settings.standard();
        // Renders no more than is sent; pieces that end before have their tail.
        synthesiser = new Synthesiser(
                new Synthesiser.Settings(standard.sampleRate(), standard.tailSeconds(), longestSeconds));
        kept = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<Recording>> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * The recordings of a pair, equally loud: at the level of all clips, or as loud as the peaks of both allow.
     *
     * @throws InvalidFileException if one is neither a usable sound file nor a usable MIDI file
     */
    public List<Recording> pair(Path a, Path b) throws IOException {
        Recording first = of(a);
        Recording second = of(b);
        double common = Math.min(first.level(), second.level());
        return List.of(
                first.level() > common ? of(a, common) : first, second.level() > common ? of(b, common) : second);
    }

    /**
     * The recording of a file at the level of all clips, or as loud as its peaks allow.
     *
     * @throws InvalidFileException if it is neither a usable sound file nor a usable MIDI file
     */
    public Recording of(Path file) throws IOException {
        return of(file, loudness);
    }

    private Recording of(Path file, double target) throws IOException {
        Key key = new Key(file, target);
        CompletableFuture<Recording> own = new CompletableFuture<>();
        CompletableFuture<Recording> earlier;
        synchronized (kept) {
            earlier = kept.putIfAbsent(key, own);
        }
        if (earlier != null) {
            return joined(earlier);
        }
        try {
            Recording made = Recording.of(sound(file), longestSeconds, target);
            own.complete(made);
            return made;
        } catch (IOException | RuntimeException | Error e) {
            synchronized (kept) {
                kept.remove(key, own);
            }
            own.completeExceptionally(e);
            throw e;
        }
    }

    /**
     * Checks that a file can be turned into a recording; notes are read, but not rendered.
     *
     * @throws InvalidFileException if it is neither a usable sound file nor a usable MIDI file
     */
    public static void check(Path file) throws IOException {
        if (MidiFiles.isMidi(file)) {
            MidiFiles.read(file);
        } else {
            SoundFiles.read(file);
        }
    }

    private static Recording joined(CompletableFuture<Recording> earlier) throws IOException {
        try {
            return earlier.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    private Waveform sound(Path file) throws IOException {
        return MidiFiles.isMidi(file) ? synthesiser.render(MidiFiles.read(file)) : SoundFiles.read(file);
    }

    /** A clip for the page: a WAV file written from samples alone, its length and its outline. */
    public static final class Recording {
        private static final int PEAKS = 160;
        private static final double FADE_SECONDS = 0.05;

        private final byte[] wav;
        private final double seconds;
        private final List<Integer> peaks;
        private final double level;

        private Recording(byte[] wav, double seconds, List<Integer> peaks, double level) {
            this.level = level;
            this.wav = wav;
            this.seconds = seconds;
            this.peaks = peaks;
        }

        /**
         * A recording of a sound.
         *
         * @param longestSeconds what lies beyond is cut with a fade of 50 ms
         * @param loudness of what is left, in LUFS; 0 leaves it as it is
         */
        public static Recording of(Waveform sound, double longestSeconds, double loudness) {
            Waveform shortened = cut(sound, longestSeconds);
            Waveform heard = Loudness.matched(shortened, loudness);
            double level = loudness == 0.0 ? 0.0 : Math.min(loudness, Loudness.reachable(shortened));
            return new Recording(WaveFiles.toBytes(heard), heard.seconds(), outline(heard.samples()), level);
        }

        /** The level at which it is played, in LUFS; 0 if it was left as it is. */
        double level() {
            return level;
        }

        /** Bytes of the WAV file, {@code from} inclusive to {@code to} exclusive. */
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

        /** The outline: the peak of each of up to 160 sections, where 100 is the peak of the clip. */
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
}
