package org.encore.music.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;

/**
 * Reads and writes WAV files.
 *
 * <p>Writes 16 bits a sample and every channel. Reads RIFF, RIFX (big-endian) and RF64 files of any number of channels with
 * integers of up to 32 bits, floating point of 32 or 64 bits, µ-law or A-law; skips other chunks than format and
 * samples. Where the length of the samples was never written, as by a pipe, all that follows is sound; where it says
 * more than there is, the file is read with a warning.
 *
 * <p>{@link SoundFiles} reads files of any kind.
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
     * Reads a file, channels averaged.
     *
     * @throws InvalidFileException if there is no such file or it is not a WAV file that can be used
     * @throws IOException if reading fails
     */
    public static Waveform read(Path file) throws IOException {
        FrameSink sink = new FrameSink(file, false);
        new WaveParser(bytes(file), file).parse(sink);
        return sink.mean();
    }

    /**
     * Reads bytes.
     *
     * @param name the name in messages
     * @throws InvalidFileException if this is not a WAV file that can be used
     */
    public static Waveform read(byte[] bytes, String name) {
        FrameSink sink = new FrameSink(Path.of(name), false);
        new WaveParser(bytes, Path.of(name)).parse(sink);
        return sink.mean();
    }

    /** All bytes of a file. */
    static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, Files.exists(file) ? "is not a file" : "does not exist");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidFileException(
                    file, "is longer than " + MAX_BYTES + " bytes, the most for a file of sound; cut it into parts");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Finds format and samples in a RIFF file; limits the lengths in it to the length of the file. */
    static final class WaveParser {
        private static final Logger LOG = LogManager.getLogger(WaveFiles.class);
        private static final int PCM = 1;
        private static final int FLOAT = 3;
        private static final int A_LAW = 6;
        private static final int MU_LAW = 7;

        /** The format whose number is in the first two bytes of a longer identifier. */
        private static final int EXTENSIBLE = 0xFFFE;

        /** The length in a RIFF header of which RF64 has the true value in its chunk ds64. */
        private static final long ELSEWHERE = 0xFFFFFFFFL;

        /** Lengths from here on mean that the writer, which could not go back, did not know it. */
        private static final long UNKNOWN = 0x7FFFF000L;

        private final ByteBuffer bytes;
        private final Path name;
        private Format format;

        /** Length of the samples by ds64; {@link #ELSEWHERE} without one. */
        private long longData = ELSEWHERE;

        /**
         * How samples are stored.
         *
         * @param width bytes of a sample
         */
        private record Format(int encoding, int channels, int sampleRate, int width) {
            int frameBytes() {
                return channels * width;
            }
        }

        WaveParser(byte[] file, Path name) {
            bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            this.name = name;
        }

        /** Whether a file starts as a WAV file of any kind does. */
        static boolean isWave(byte[] start) {
            String tag = new String(start, 0, Math.min(4, start.length), StandardCharsets.US_ASCII);
            return List.of("RIFF", "RIFX", "RF64", "BW64").contains(tag);
        }

        void parse(FrameSink sink) {
            if (bytes.remaining() < 12 || !isWave(bytes.array())) {
                throw problem("is not a WAV file: it does not begin with RIFF");
            }
            if ("RIFX".equals(tag())) {
                bytes.order(ByteOrder.BIG_ENDIAN);
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
                    samples(length == ELSEWHERE ? longData : length, sink);
                    return;
                }
                if (length > bytes.remaining()) {
                    throw problem("is damaged: the chunk at byte " + (start - 8) + " claims " + length
                            + " bytes, but only " + bytes.remaining() + " follow");
                }
                if ("fmt ".equals(tag)) {
                    format = format((int) length);
                } else if ("ds64".equals(tag) && length >= 16) {
                    long data = bytes.getLong(start + 8);
                    longData = data < 0 ? ELSEWHERE : data;
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
            int frameBytes = Short.toUnsignedInt(bytes.getShort(start + 12));
            int bits = Short.toUnsignedInt(bytes.getShort(start + 14));
            if (encoding == EXTENSIBLE && length >= 26) {
                encoding = Short.toUnsignedInt(bytes.getShort(start + 24));
            }
            if (channels < 1) {
                throw problem("has 0 channels, but needs at least 1");
            }
            if (sampleRate < 1 || sampleRate > FrameSink.HIGHEST_RATE) {
                throw problem("has a sample rate of " + Integer.toUnsignedLong(sampleRate) + ", but it must lie in [1, "
                        + FrameSink.HIGHEST_RATE + "]");
            }
            // Samples of 12 or 20 bits lie at the upper end of two or three bytes, or of more if the frame has room.
            int fewest = (bits + 7) / 8;
            boolean fits = frameBytes % channels == 0 && frameBytes / channels >= fewest && frameBytes / channels <= 8;
            Format found = new Format(encoding, channels, sampleRate, fits ? frameBytes / channels : fewest);
            if (!isReadable(encoding, bits, found.width())) {
                throw problem("has encoding " + encoding + " with " + bits
                        + " bits, but only PCM (1) of up to 32 bits, floating point (3) of 32 or 64, A-law (6) and"
                        + " µ-law (7) can be read");
            }
            return found;
        }

        private static boolean isReadable(int encoding, int bits, int width) {
            return switch (encoding) {
                case PCM -> bits >= 1 && width <= 4;
                case FLOAT -> (bits == 32 && width == 4) || (bits == 64 && width == 8);
                case A_LAW, MU_LAW -> bits == 8 && width == 1;
                default -> false;
            };
        }

        private void samples(long announced, FrameSink sink) {
            if (format == null) {
                throw problem("is damaged: its samples come before their format");
            }
            int there = bytes.remaining();
            boolean unknown = announced == 0 ? !chunksFollow() : announced >= UNKNOWN && announced > there;
            if (!unknown && announced > there) {
                double rate = (double) format.frameBytes() * format.sampleRate;
                LOG.warn(String.format(
                        Locale.ROOT,
                        "%s: is cut off: its header announces %.2f s of sound, but only %.2f s are there",
                        name,
                        announced / rate,
                        there / rate));
            }
            int frames = (int) (unknown ? there : Math.min(announced, there)) / format.frameBytes();
            sink.begin(format.channels, format.sampleRate);
            float[] frame = new float[format.channels];
            for (int i = 0; i < frames; i++) {
                for (int channel = 0; channel < frame.length; channel++) {
                    frame[channel] = sample();
                }
                sink.add(frame);
            }
        }

        /** Whether the rest of the file is a sequence of chunks: then empty samples are meant so. */
        private boolean chunksFollow() {
            long at = bytes.position();
            while (at + 8 <= bytes.limit()) {
                for (int i = 0; i < 4; i++) {
                    byte letter = bytes.get((int) at + i);
                    if (letter < ' ' || letter > '~') {
                        return false;
                    }
                }
                long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
                at += 8 + length + length % 2;
            }
            return at == bytes.limit() || at == bytes.limit() + 1L;
        }

        /** One sample, in [-1, 1] but for floating point. */
        private float sample() {
            return switch (format.encoding) {
                case FLOAT -> format.width == 4 ? bytes.getFloat() : (float) bytes.getDouble();
                case A_LAW -> aLaw(bytes.get() ^ 0x55);
                case MU_LAW -> muLaw(~bytes.get());
                default -> integer();
            };
        }

        private float integer() {
            return switch (format.width) {
                case 1 -> ((bytes.get() & 0xFF) - 128) * 0x1p-7f;
                case 2 -> Math.max(-1.0f, bytes.getShort() / 32767.0f);
                case 3 -> threeBytes(bytes.get(), bytes.get(), bytes.get()) * 0x1p-23f;
                default -> bytes.getInt() * 0x1p-31f;
            };
        }

        private int threeBytes(byte first, byte second, byte third) {
            boolean little = bytes.order() == ByteOrder.LITTLE_ENDIAN;
            return ((little ? third : first) << 16) | ((second & 0xFF) << 8) | ((little ? first : third) & 0xFF);
        }

        /** ITU-T G.711: four bits on one of eight segments, each twice as steep as the one below; two lowest alike. */
        static float aLaw(int code) {
            int segment = (code >> 4) & 7;
            int step = 2 * (code & 15) + 1;
            int magnitude = segment == 0 ? step : (step + 32) << (segment - 1);
            return ((code & 0x80) != 0 ? magnitude : -magnitude) / 4096.0f;
        }

        /** ITU-T G.711: as A-law, but shifted so that the segments are one curve. */
        static float muLaw(int code) {
            int magnitude = ((2 * (code & 15) + 33) << ((code >> 4) & 7)) - 33;
            return ((code & 0x80) != 0 ? -magnitude : magnitude) / 8192.0f;
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
