package org.encore.preferences.listening.clips;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.listening.clips.Recordings.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingTest {
    private static final int RATE = 1000;

    @TempDir
    private Path directory;

    private static Waveform constant(double seconds, float level) {
        float[] samples = new float[(int) Math.round(seconds * RATE)];
        Arrays.fill(samples, level);
        return new Waveform(samples, RATE);
    }

    private static Waveform sound(Recording recording) {
        return WaveFiles.read(recording.bytes(0, recording.length()), "recording");
    }

    @Test
    void shortSoundsStayAsTheyAre() {
        Recording recording = Recording.of(constant(2.0, 0.5f), 3.0, 0.0);
        assertEquals(2.0, recording.seconds());
        assertEquals(44 + 2 * 2000, recording.length());
        assertEquals(0.5f, sound(recording).samples()[1999], 1e-4f);
    }

    /** 50 ms at 1 kHz are 50 samples: full level before, 25/50 in the middle, silence at the end. */
    @Test
    void longSoundsAreCutAndFade() {
        Recording recording = Recording.of(constant(9.0, 0.5f), 3.0, 0.0);
        assertEquals(3.0, recording.seconds());
        float[] samples = sound(recording).samples();
        assertEquals(3000, samples.length);
        assertEquals(0.5f, samples[2949], 1e-4f);
        assertEquals(0.25f, samples[2974], 1e-4f);
        assertEquals(0.0f, samples[2999], 1e-4f);
    }

    /** Quiet in the first half, three times as loud in the second. */
    @Test
    void theOutlineShowsWhatIsLoud() {
        float[] samples = new float[1600];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (i < 800 ? 0.2f : 0.6f) * (i % 2 == 0 ? 1 : -1);
        }
        List<Integer> peaks =
                Recording.of(new Waveform(samples, RATE), 3.0, 0.0).peaks();
        assertEquals(160, peaks.size());
        assertEquals(33, peaks.get(0));
        assertEquals(33, peaks.get(79));
        assertEquals(100, peaks.get(80));
        assertEquals(
                2,
                Recording.of(new Waveform(new float[] {0.0f, 0.1f}, RATE), 3.0, 0.0)
                        .peaks()
                        .size());
    }

    /** A file's tags and its encoding never reach a listener: only its samples do. */
    @Test
    void nothingOfAFileButItsSamplesIsSent() throws IOException {
        byte[] plain = WaveFiles.toBytes(constant(0.1, 0.5f));
        byte[] tagged = new byte[plain.length + 24];
        System.arraycopy(plain, 0, tagged, 0, 36);
        System.arraycopy("LIST\20\0\0\0made by system 1".getBytes(StandardCharsets.US_ASCII), 0, tagged, 36, 24);
        System.arraycopy(plain, 36, tagged, 60, plain.length - 36);
        Path file = Files.write(directory.resolve("tagged.wav"), tagged);
        Recording recording = new Recordings(10.0, 0.0, 2).of(file);
        assertArrayEquals(plain, recording.bytes(0, recording.length()));
    }

    /** Louder is taken for better: 20 dB apart as files, the clips of a pair are equally loud. */
    @Test
    void theClipsOfAPairAreEquallyLoud() throws IOException {
        Path quiet = directory.resolve("quiet.wav");
        Path loud = directory.resolve("loud.wav");
        WaveFiles.write(quiet, tone(0.03f, 0.0f));
        WaveFiles.write(loud, tone(0.3f, 0.0f));
        List<Recording> pair = new Recordings(10.0, -23.0, 4).pair(quiet, loud);
        assertEquals(-23.0, Loudness.of(sound(pair.get(0))), 0.01);
        assertEquals(-23.0, Loudness.of(sound(pair.get(1))), 0.01);
        List<Recording> untouched = new Recordings(10.0, 0.0, 4).pair(quiet, loud);
        assertEquals(20.0, Loudness.of(sound(untouched.get(1))) - Loudness.of(sound(untouched.get(0))), 0.01);
        // A click leaves the quiet one no room, so that the other comes down to it.
        WaveFiles.write(quiet, tone(0.002f, 0.95f));
        List<Recording> softer = new Recordings(10.0, -23.0, 4).pair(loud, quiet);
        assertTrue(Loudness.of(sound(softer.get(1))) < -30.0);
        assertEquals(Loudness.of(sound(softer.get(1))), Loudness.of(sound(softer.get(0))), 0.1);
    }

    /** Two seconds of 440 Hz, with one sample of another height in the middle. */
    private static Waveform tone(float amplitude, float click) {
        float[] samples = new float[2 * 16000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = amplitude * (float) Math.sin(2.0 * Math.PI * 440.0 * i / 16000);
        }
        samples[16000] += click;
        return new Waveform(samples, 16000);
    }

    @Test
    void notesAreRendered() throws IOException {
        Piece piece = new Etudes(1).heldOut(0).piece();
        Path file = directory.resolve("piece.mid");
        MidiFiles.write(file, piece);
        Recording recording = new Recordings(4.0, 0.0, 2).of(file);
        Synthesiser.Settings whole = Synthesiser.Settings.standard();
        float[] expected = new Synthesiser(whole).render(MidiFiles.read(file)).samples();
        float[] samples = sound(recording).samples();
        assertEquals(4.0, recording.seconds());
        int same = (int) (3.5 * whole.sampleRate());
        double most = 0.0;
        for (int i = 0; i < same; i++) {
            most = Math.max(most, Math.abs(expected[i] - samples[i]));
        }
        assertEquals(0.0, most, 0.02, "rounding to 16 bits");
    }

    @Test
    void whatCannotBeHeardIsRefused() throws IOException {
        Path empty = directory.resolve("empty.wav");
        WaveFiles.write(empty, new Waveform(new float[0], RATE));
        Path text = Files.writeString(directory.resolve("text.mid"), "no notes");
        Recordings recordings = new Recordings(10.0, 0.0, 2);
        for (Path file : List.of(empty, text, directory.resolve("missing.wav"))) {
            assertThrows(InvalidFileException.class, () -> Recordings.check(file));
            assertThrows(InvalidFileException.class, () -> recordings.of(file));
        }
    }
}
