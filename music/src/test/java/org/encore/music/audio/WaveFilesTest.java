package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaveFilesTest {
    @Test
    void readingUndoesWritingUpToSixteenBits(@TempDir Path directory) throws IOException {
        RandomGenerator random = new RandomStreams(1).stream(RandomStreams.Purpose.NOISE);
        float[] samples = new float[1001];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 2.0f * random.nextFloat() - 1.0f;
        }
        samples[0] = 1.0f;
        samples[1] = -1.0f;
        samples[2] = 0.0f;
        Path file = directory.resolve("a.wav");
        WaveFiles.write(file, new Waveform(samples, 32000));
        Waveform read = WaveFiles.read(file);
        assertEquals(32000, read.sampleRate());
        // Half a step of 1/32767.
        assertArrayEquals(samples, read.samples(), 1.6e-5f);
        assertArrayEquals(WaveFiles.toBytes(read), WaveFiles.toBytes(new Waveform(samples, 32000)));
    }

    @Test
    void clipsAndSilencesWhatIsNoSample() {
        float[] samples = {3.0f, -3.0f, Float.NaN, Float.POSITIVE_INFINITY};
        byte[] bytes = WaveFiles.toBytes(new Waveform(samples, 8000));
        assertArrayEquals(
                new float[] {1.0f, -1.0f, 0.0f, 1.0f},
                WaveFiles.read(bytes, "a").samples(),
                0.0f);
    }

    @Test
    void writesWhatTheJdkUnderstands() throws IOException, UnsupportedAudioFileException {
        byte[] bytes = WaveFiles.toBytes(new Waveform(new float[] {0.5f, -0.25f}, 44100));
        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes))) {
            AudioFormat format = in.getFormat();
            assertEquals(44100.0f, format.getSampleRate(), 0.0f);
            assertEquals(16, format.getSampleSizeInBits());
            assertEquals(1, format.getChannels());
            assertEquals(2, in.getFrameLength());
            // 0.5 * 32767 rounds to 16384 = 0x4000, -0.25 * 32767 to -8192 = 0xE000, low byte first.
            assertArrayEquals(new byte[] {0x00, 0x40, 0x00, (byte) 0xE0}, in.readAllBytes());
        }
    }

    @Test
    void readsEveryEncoding() {
        assertArrayEquals(new float[] {0.5f, -1.0f}, read(1, 1, 8, 192, 0), 0.0f);
        assertArrayEquals(new float[] {1.0f, -1.0f}, read(1, 1, 16, 0xFF, 0x7F, 0x00, 0x80), 0.0f);
        assertArrayEquals(new float[] {0.5f, -1.0f}, read(1, 1, 24, 0, 0, 0x40, 0, 0, 0x80), 0.0f);
        assertArrayEquals(new float[] {0.5f, -1.0f}, read(1, 1, 32, 0, 0, 0, 0x40, 0, 0, 0, 0x80), 0.0f);
        // 0.75 is 0x3F400000, and 0x3FE8000000000000 in 64 bits.
        assertArrayEquals(new float[] {0.75f}, read(3, 1, 32, 0, 0, 0x40, 0x3F), 0.0f);
        assertArrayEquals(new float[] {0.75f}, read(3, 1, 64, 0, 0, 0, 0, 0, 0, 0xE8, 0x3F), 0.0f);
        // 12 bits at the upper end of two bytes.
        assertArrayEquals(new float[] {0.5f}, read(1, 1, 12, 0, 0x40), 1e-4f);
    }

    /** Every code, against the JDK's converter. */
    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void readsALawAndMuLawAsTheJdkDoes(int encoding) throws IOException {
        int[] codes = IntStream.range(0, 256).toArray();
        byte[] bytes = new byte[256];
        IntStream.range(0, 256).forEach(i -> bytes[i] = (byte) i);
        AudioFormat.Encoding name = encoding == 6 ? AudioFormat.Encoding.ALAW : AudioFormat.Encoding.ULAW;
        AudioFormat format = new AudioFormat(name, 8000, 8, 1, 1, 8000, false);
        AudioInputStream coded = new AudioInputStream(new ByteArrayInputStream(bytes), format, 256);
        AudioFormat linear = new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, 8000, 16, 1, 2, 8000, false);
        ByteBuffer expected = ByteBuffer.wrap(
                        AudioSystem.getAudioInputStream(linear, coded).readAllBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] read = read(encoding, 1, 8, codes);
        for (int i = 0; i < 256; i++) {
            assertEquals(expected.getShort() / 32768.0f, read[i], 0.0f, "code " + i);
        }
    }

    @Test
    void averagesTwoChannels() {
        // 0.5 and 0, then -1 and -0.5.
        assertArrayEquals(new float[] {0.25f, -0.75f}, read(1, 2, 8, 192, 128, 0, 64), 0.0f);
        // Five channels of 0.5, 0, 0, 0 and 0.5.
        assertArrayEquals(new float[] {0.2f}, read(1, 5, 8, 192, 128, 128, 128, 192), 1e-7f);
    }

    @Test
    void readsLongAndBigEndianFiles() {
        byte[] data = chunk("data", 192, 0);
        Arrays.fill(data, 4, 8, (byte) 0xFF);
        ByteBuffer sizes = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        sizes.putLong(100).putLong(1).putLong(1);
        byte[] file = riff(chunk("ds64", sizes.array()), format(1, 1, 8000, 8), data);
        System.arraycopy("RF64".getBytes(StandardCharsets.US_ASCII), 0, file, 0, 4);
        assertArrayEquals(new float[] {0.5f}, WaveFiles.read(file, "a").samples(), 0.0f);
        ByteBuffer big = ByteBuffer.allocate(51);
        big.put("RIFX".getBytes(StandardCharsets.US_ASCII))
                .putInt(43)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
        big.putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(8000)
                .putInt(24000)
                .putShort((short) 3);
        big.putShort((short) 24).put("data".getBytes(StandardCharsets.US_ASCII)).putInt(6);
        big.put(new byte[] {0x40, 0, 0, (byte) 0x80, 0, 0}, 0, 6);
        assertArrayEquals(
                new float[] {0.5f, -1.0f},
                WaveFiles.read(Arrays.copyOf(big.array(), 50), "a").samples(),
                0.0f);
    }

    @Test
    void aLengthThatAPipeNeverWroteIsTheRestOfTheFile() {
        for (int length : new int[] {0, -1, 0x7FFFF000}) {
            byte[] data = chunk("data", 192, 0, 128);
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(4, length);
            float[] read =
                    WaveFiles.read(riff(format(1, 1, 8000, 8), data), "a").samples();
            assertArrayEquals(new float[] {0.5f, -1.0f, 0.0f}, read, 0.0f, "length " + length);
        }
        assertProblem("has no sound in it: there is not one sample", riff(format(1, 1, 8000, 8), chunk("data")));
        byte[] tagged = riff(format(1, 1, 8000, 8), chunk("data"), chunk("LIST", 1, 2));
        assertProblem("has no sound in it: there is not one sample", tagged);
    }

    @Test
    void readsTheLongFormOfTheFormatAndPassesOverOtherChunks() {
        ByteBuffer format = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        format.putShort((short) 0xFFFE)
                .putShort((short) 1)
                .putInt(8000)
                .putInt(8000)
                .putShort((short) 1);
        format.putShort((short) 8)
                .putShort((short) 22)
                .putShort((short) 8)
                .putInt(0)
                .putShort((short) 1);
        byte[] odd = chunk("LIST", 1, 2, 3, 0); // three bytes and one to the even place
        odd[4] = 3;
        byte[] file = riff(odd, chunk("fmt ", format.array()), chunk("data", new byte[] {(byte) 192}));
        assertArrayEquals(new float[] {0.5f}, WaveFiles.read(file, "a").samples(), 0.0f);
    }

    @Test
    void readsWhatThereIsOfSamplesThatAreCutOff() {
        byte[] data = chunk("data", 192, 0, 128);
        data[4] = (byte) 0xFF;
        data[7] = (byte) 0xFF;
        byte[] file = riff(format(1, 1, 8000, 8), data);
        assertArrayEquals(
                new float[] {0.5f, -1.0f, 0.0f}, WaveFiles.read(file, "a").samples(), 0.0f);
    }

    @Test
    void saysWhatIsWrong(@TempDir Path directory) {
        assertProblem("is not a WAV file: it does not begin with RIFF", new byte[0]);
        assertProblem("is not a WAV file: it does not begin with RIFF", new byte[100]);
        assertProblem(
                "has encoding 2 with 4 bits, but only PCM (1) of up to 32 bits, floating point (3) of 32 or 64, A-law (6)"
                        + " and µ-law (7) can be read",
                riff(format(2, 1, 8000, 4)));
        assertProblem("has no samples: there is no data chunk", riff(format(1, 1, 8000, 8)));
        assertProblem("is damaged: its samples come before their format", riff(chunk("data", 1, 2)));
        assertProblem("has 0 channels, but needs at least 1", riff(format(1, 0, 8000, 8)));
        assertProblem("has a sample rate of 0, but it must lie in [1, 1000000]", riff(format(1, 1, 0, 8)));
        assertProblem("has a sample rate of 4294967295, but it must lie in [1, 1000000]", riff(format(1, 1, -1, 8)));
        assertProblem(
                "has encoding 85 with 0 bits, but only PCM (1) of up to 32 bits, floating point (3) of 32 or 64, A-law (6)"
                        + " and µ-law (7) can be read",
                riff(format(85, 2, 44100, 0)));
        assertProblem("is damaged: its format takes 2 bytes, but needs at least 16", riff(chunk("fmt ", 1, 0)));
        byte[] huge = chunk("junk", 1, 2);
        huge[7] = 0x7F;
        assertProblem("is damaged: the chunk at byte 12 claims 2130706434 bytes, but only 2 follow", riff(huge));
        Path missing = directory.resolve("missing.wav");
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> WaveFiles.read(missing));
        assertEquals(missing + ": does not exist", e.getMessage());
    }

    @Test
    void damagedFilesNeverFailInAnyOtherWay() {
        RandomGenerator random = new RandomStreams(4).stream(RandomStreams.Purpose.SAMPLING);
        byte[] original = WaveFiles.toBytes(new Waveform(new float[50], 8000));
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = Arrays.copyOf(original, random.nextInt(original.length));
            for (int damage = i % 4; damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertTrue(WaveFiles.read(bytes, "damaged").samples().length <= bytes.length);
            } catch (InvalidFileException e) {
                refused++;
            }
        }
        assertTrue(refused > 500 && refused < 5000, refused + " refused");
    }

    private static float[] read(int encoding, int channels, int bits, int... data) {
        byte[] file = riff(format(encoding, channels, 8000, bits), chunk("data", data));
        return WaveFiles.read(file, "a").samples();
    }

    private static byte[] format(int encoding, int channels, int sampleRate, int bits) {
        ByteBuffer format = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        format.putShort((short) encoding).putShort((short) channels).putInt(sampleRate);
        format.putInt(0).putShort((short) 0).putShort((short) bits);
        return chunk("fmt ", format.array());
    }

    private static byte[] riff(byte[]... chunks) {
        ByteBuffer file = ByteBuffer.allocate(
                12 + Arrays.stream(chunks).mapToInt(c -> c.length).sum());
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        file.put("WAVE".getBytes(StandardCharsets.US_ASCII));
        for (byte[] chunk : chunks) {
            file.put(chunk);
        }
        return file.array();
    }

    private static byte[] chunk(String tag, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return chunk(tag, bytes);
    }

    private static byte[] chunk(String tag, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(8 + content.length).order(ByteOrder.LITTLE_ENDIAN);
        return chunk.put(tag.getBytes(StandardCharsets.US_ASCII))
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static void assertProblem(String problem, byte[] file) {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> WaveFiles.read(file, "bad.wav"));
        assertEquals("bad.wav: " + problem, e.getMessage());
    }
}
