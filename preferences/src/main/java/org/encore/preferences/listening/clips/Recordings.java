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
    private final Synthesiser synthesiser;
    private final Map<Path, CompletableFuture<Recording>> kept;

    /**
     * Creates an empty cache.
     *
     * @param longestSeconds length at which clips are cut, at least 1
     * @param most number of cached recordings
     */
    public Recordings(double longestSeconds, int most) {
        this.longestSeconds = longestSeconds;
        Synthesiser.Settings standard = Synthesiser.Settings.standard();
        // Renders no more than is sent; pieces that end before have their tail.
        synthesiser = new Synthesiser(
                new Synthesiser.Settings(standard.sampleRate(), standard.tailSeconds(), longestSeconds));
        kept = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Path, CompletableFuture<Recording>> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * The recording of a file.
     *
     * @throws InvalidFileException if it is neither a usable sound file nor a usable MIDI file
     */
    public Recording of(Path file) throws IOException {
        CompletableFuture<Recording> own = new CompletableFuture<>();
        CompletableFuture<Recording> earlier;
        synchronized (kept) {
            earlier = kept.putIfAbsent(file, own);
        }
        if (earlier != null) {
            return joined(earlier);
        }
        try {
            Recording made = Recording.of(sound(file), longestSeconds);
            own.complete(made);
            return made;
        } catch (IOException | RuntimeException | Error e) {
            synchronized (kept) {
                kept.remove(file, own);
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

        private Recording(byte[] wav, double seconds, List<Integer> peaks) {
            this.wav = wav;
            this.seconds = seconds;
            this.peaks = peaks;
        }

        /** A recording of a sound; sound beyond {@code longestSeconds} is cut with a fade of 50 ms. */
        public static Recording of(Waveform sound, double longestSeconds) {
            Waveform heard = cut(sound, longestSeconds);
            return new Recording(WaveFiles.toBytes(heard), heard.seconds(), outline(heard.samples()));
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
