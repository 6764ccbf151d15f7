package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that other programs wrote, whole and damaged; the resource README has their commands. */
class SoundFilesTest {
    private static final int RATE = 16000;
    private static final int FRAMES = 4000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"tone.flac, 1e-3", "tone-24-bit.flac, 1e-3", "tone.mp3, 0.15", "tone.ogg, 0.15"})
    void readsEveryChannelInTime(String name, double tolerance) throws IOException {
        Path file = resource(name);
        List<Waveform> channels = SoundFiles.readChannels(file);
        assertEquals(2, channels.size());
        double[] hertz = {440, 660};
        float[] mean = SoundFiles.read(file).samples();
        assertEquals(FRAMES, mean.length);
        for (int channel = 0; channel < 2; channel++) {
            assertEquals(RATE, channels.get(channel).sampleRate());
            float[] samples = channels.get(channel).samples();
            assertEquals(FRAMES, samples.length);
            double squares = 0.0;
            for (int i = 0; i < FRAMES; i++) {
                double expected = Math.pow(10, -6 / 20.0) * Math.sin(2 * Math.PI * hertz[channel] * i / RATE);
                squares += Math.pow(samples[i] - expected, 2) / FRAMES;
            }
            // A delay of one sample alone would make an error of 0.06 and more.
            assertTrue(Math.sqrt(squares) < tolerance * 0.35, name + " " + channel + ": " + Math.sqrt(squares));
        }
        for (int i = 0; i < FRAMES; i++) {
            float sum = channels.get(0).samples()[i] + channels.get(1).samples()[i];
            assertEquals(sum / 2, mean[i], 1e-7f);
        }
    }

    /** The encoder writes the MD5 of all samples into the file. */
    @ParameterizedTest
    @CsvSource({"tone.flac, 2, 32767", "tone-24-bit.flac, 3, 8388608"})
    void flacIsReadToTheBit(String name, int width, double full) throws IOException, NoSuchAlgorithmException {
        List<Waveform> channels = SoundFiles.readChannels(resource(name));
        ByteArrayOutputStream samples = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES; i++) {
            for (Waveform channel : channels) {
                long sample = Math.round(channel.samples()[i] * full);
                for (int at = 0; at < width; at++) {
                    samples.write((int) (sample >> (8 * at)));
                }
            }
        }
        byte[] file = Files.readAllBytes(resource(name));
        assertArrayEquals(
                Arrays.copyOfRange(file, 26, 42),
                MessageDigest.getInstance("MD5").digest(samples.toByteArray()));
    }

    @Test
    void theContentDecidesAndNotTheName() throws IOException {
        Path file = Files.copy(resource("tone.flac"), directory.resolve("wrong.mp3"));
        assertArrayEquals(
                SoundFiles.read(resource("tone.flac")).samples(),
                SoundFiles.read(file).samples());
    }

    @Test
    void namesWhatCannotBeRead() throws IOException {
        assertRefused("is an Opus file, which cannot be read", resource("tone.opus"));
        assertRefused("is empty, but WAV", file("empty.ogg"));
        assertRefused(
                "is an MP4 file (AAC or ALAC), but WAV", file("a.m4a", 0, 0, 0, 20, 'f', 't', 'y', 'p', 'M', '4'));
        assertRefused("is an AAC file, but WAV", file("a.aac", 0xFF, 0xF1, 0x50, 0x80));
        assertRefused("is a MIDI file: name it .mid, but WAV", file("a.flac", 'M', 'T', 'h', 'd', 0));
        assertRefused("is not a sound file of a known kind", file("a.ogg", 'n', 'o'));
        assertRefused("is not a WAV file", file("a.wav", 'n', 'o'));
        assertRefused("has no sound in it", file("a.mp3", 'n', 'o'));
        assertRefused("does not exist", directory.resolve("absent.flac"));
        assertTrue(SoundFiles.isSound(Path.of("A.FLAC")) && !SoundFiles.isSound(Path.of("flac")));
        assertTrue(SoundFiles.isOtherSound(Path.of("a.m4a")) && !SoundFiles.isOtherSound(Path.of("a.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tone.flac", "tone.mp3", "tone.ogg"})
    void filesThatAreCutOffAreReadOrRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(resource(name));
        Path file = directory.resolve(name);
        Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
        if (name.equals("tone.mp3")) {
            int frames = SoundFiles.read(file).samples().length;
            assertTrue(frames > FRAMES / 4 && frames < FRAMES, frames + " frames");
        } else {
            // One frame, or one page of sound, is all that these short files have.
            assertRefused(name.equals("tone.ogg") ? "is cut off within its headers" : "has no sound in it", file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tone.flac", "tone.mp3", "tone.ogg"})
    void damagedFilesNeverFailInAnyOtherWay(String name) throws IOException {
        byte[] original = Files.readAllBytes(resource(name));
        RandomGenerator random = new RandomStreams(4).stream(RandomStreams.Purpose.SAMPLING);
        Path file = directory.resolve(name);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = Arrays.copyOf(original, i % 3 == 0 ? random.nextInt(original.length) : original.length);
            for (int damage = 1 + i % 6; damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(i % 2 == 0 ? Math.min(bytes.length, 120) : bytes.length)] =
                        (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            boolean read = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> isRead(file));
            refused += read ? 0 : 1;
        }
        assertTrue(refused > 20, refused + " refused");
    }

    private static boolean isRead(Path file) throws IOException {
        try {
            return SoundFiles.read(file).samples().length <= 50 * FRAMES;
        } catch (InvalidFileException e) {
            return false;
        }
    }

    private Path resource(String name) throws IOException {
        Path file = directory.resolve("resource-" + name);
        if (!Files.exists(file)) {
            try (InputStream in = SoundFilesTest.class.getResourceAsStream(name)) {
                Files.copy(in, file);
            }
        }
        return file;
    }

    private Path file(String name, int... content) throws IOException {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return Files.write(directory.resolve(name), bytes);
    }

    private static void assertRefused(String problem, Path file) {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> SoundFiles.read(file));
        assertTrue(e.getMessage().startsWith(file + ": " + problem), e.getMessage());
    }
}
