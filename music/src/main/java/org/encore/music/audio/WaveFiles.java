package org.encore.music.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;

/**
 * Reads and writes WAV files.
 *
 * <p>Writes 16 bits a sample and every channel. Reads integers of 8, 16, 24 and 32 bits and floating point of 32 bits, with one channel or two, which it averages. Skips other chunks than format and samples.
 */
public final class WaveFiles {
    /** The longest file that is read, in bytes: an hour and a half of 16-bit stereo at 48 kHz. */
    public static final int MAX_BYTES = 1 << 30;

    private static final int HEADER_BYTES = 44;
    private static final int PCM = 1;
    private static final int SCALE = 32767;

    private WaveFiles() {}

    /**
     * Writes a file, atomically; samples beyond [-1, 1] are clipped, NaN becomes silence.
     *
     * @throws IOException if writing fails
     */
    public static void write(Path file, Waveform waveform) throws IOException {
        AtomicFiles.write(file, toBytes(waveform));
    }

    /** The bytes of a WAV file; amplitude 1 is 32767. */
    public static byte[] toBytes(Waveform waveform) {
        int channels = waveform.channels();
        int frames = waveform.samples().length;
        int dataBytes = Math.multiplyExact(2 * channels, frames);
        ByteBuffer out =
                ByteBuffer.allocate(Math.addExact(HEADER_BYTES, dataBytes)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).put(ascii("WAVE"));
        out.put(ascii("fmt ")).putInt(16).putShort((short) PCM).putShort((short) channels);
        out.putInt(waveform.sampleRate()).putInt(2 * channels * waveform.sampleRate());
        out.putShort((short) (2 * channels)).putShort((short) 16);
        out.put(ascii("data")).putInt(dataBytes);
        for (int i = 0; i < frames; i++) {
            for (int channel = 0; channel < channels; channel++) {
                float sample = Math.max(-1.0f, Math.min(1.0f, waveform.channel(channel)[i]));
                out.putShort((short) Math.round(SCALE * sample));
            }
        }
        return out.array();
    }

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if there is no such file or it is not a WAV file that can be used
     * @throws IOException if reading fails
     */
    public static Waveform read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, Files.exists(file) ? "is not a file" : "does not exist");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidFileException(file, "is longer than " + MAX_BYTES + " bytes, the most for a WAV file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(MAX_BYTES), file.toString());
        }
    }

    /**
     * Reads bytes.
     *
     * @param name the name in messages
     * @throws InvalidFileException if this is not a WAV file that can be used
     */
    public static Waveform read(byte[] bytes, String name) {
        return new WaveParser(bytes, Path.of(name)).parse();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Finds format and samples in a RIFF file; limits the lengths in it to the length of the file. */
    static final class WaveParser {
        private static final int PCM = 1;
        private static final int FLOAT = 3;

        /** The format whose number is in the first two bytes of a longer identifier. */
        private static final int EXTENSIBLE = 0xFFFE;

        private final ByteBuffer bytes;
        private final Path name;
        private Format format;

        /** How samples are stored. */
        private record Format(int encoding, int channels, int sampleRate, int bits) {
            int frameBytes() {
                return channels * bits / 8;
            }
        }

        WaveParser(byte[] file, Path name) {
            bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            this.name = name;
        }

        Waveform parse() {
            if (bytes.remaining() < 12 || !"RIFF".equals(tag())) {
                throw problem("is not a WAV file: it does not begin with RIFF");
            }
            bytes.getInt(); // the length of the file, which is known
            if (!"WAVE".equals(tag())) {
                throw problem("is a RIFF file, but not one with sound (WAVE)");
            }
            while (bytes.remaining() >= 8) {
                String tag = tag();
                long length = Integer.toUnsignedLong(bytes.getInt());
                int start = bytes.position();
                if ("data".equals(tag)) {
                    return samples((int) Math.min(length, bytes.remaining()));
                }
                if (length > bytes.remaining()) {
                    throw problem("is damaged: the chunk at byte " + (start - 8) + " claims " + length
                            + " bytes, but only " + bytes.remaining() + " follow");
                }
                if ("fmt ".equals(tag)) {
                    format = format((int) length);
                }
                // Chunks begin at even places.
                bytes.position((int) Math.min(bytes.limit(), start + length + length % 2));
            }
            throw problem("has no samples: there is no data chunk");
        }

        private Format format(int length) {
            if (length < 16) {
                throw problem("is damaged: its format takes " + length + " bytes, but needs at least 16");
            }
            int start = bytes.position();
            int encoding = Short.toUnsignedInt(bytes.getShort());
            int channels = Short.toUnsignedInt(bytes.getShort());
            int sampleRate = bytes.getInt();
            int bits = Short.toUnsignedInt(bytes.getShort(start + 14));
            if (encoding == EXTENSIBLE && length >= 26) {
                encoding = Short.toUnsignedInt(bytes.getShort(start + 24));
            }
            if (channels < 1 || channels > 2) {
                throw problem("has " + channels + " channels, but only 1 and 2 can be read");
            }
            if (sampleRate < 1 || sampleRate > 1_000_000) {
                throw problem("has a sample rate of " + Integer.toUnsignedLong(sampleRate)
                        + ", but it must lie in [1, 1000000]");
            }
            boolean isPcm = encoding == PCM && (bits == 8 || bits == 16 || bits == 24 || bits == 32);
            if (!isPcm && !(encoding == FLOAT && bits == 32)) {
                throw problem("has encoding " + encoding + " with " + bits
                        + " bits, but only PCM (1) of 8, 16, 24 or 32 bits and floating point (3) of 32 can be read");
            }
            return new Format(encoding, channels, sampleRate, bits);
        }

        private Waveform samples(int dataBytes) {
            if (format == null) {
                throw problem("is damaged: its samples come before their format");
            }
            int frames = dataBytes / format.frameBytes();
            float[] samples = new float[frames];
            for (int i = 0; i < frames; i++) {
                float sum = 0.0f;
                for (int channel = 0; channel < format.channels; channel++) {
                    sum += sample();
                }
                samples[i] = sum / format.channels;
            }
            return new Waveform(samples, format.sampleRate);
        }

        /** One sample in [-1, 1]; NaN becomes 0. */
        private float sample() {
            if (format.encoding == FLOAT) {
                float value = bytes.getFloat();
                return Float.isNaN(value) ? 0.0f : Math.max(-1.0f, Math.min(1.0f, value));
            }
            return switch (format.bits) {
                case 8 -> ((bytes.get() & 0xFF) - 128) * 0x1p-7f;
                case 16 -> Math.max(-1.0f, bytes.getShort() / 32767.0f);
                case 24 -> ((bytes.get() & 0xFF) | ((bytes.get() & 0xFF) << 8) | (bytes.get() << 16)) * 0x1p-23f;
                default -> bytes.getInt() * 0x1p-31f;
            };
        }

        private String tag() {
            byte[] tag = new byte[4];
            bytes.get(tag);
            return new String(tag, StandardCharsets.US_ASCII);
        }

        private InvalidFileException problem(String text) {
            return new InvalidFileException(name, text);
        }
    }
}
