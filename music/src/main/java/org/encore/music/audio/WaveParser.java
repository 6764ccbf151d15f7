package org.encore.music.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.encore.music.files.InvalidFileException;

/** Finds format and samples in a RIFF file; lengths in it are believed only as far as the file goes. */
final class WaveParser {
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
        bytes.getInt(); // the length of the whole, which says nothing new
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
                throw problem("is damaged: the chunk at byte " + (start - 8) + " claims " + length + " bytes, but only "
                        + bytes.remaining() + " follow");
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
            throw problem(
                    "has a sample rate of " + Integer.toUnsignedLong(sampleRate) + ", but it must lie in [1, 1000000]");
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

    /** One number in [-1, 1]; what is no number is silence. */
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
