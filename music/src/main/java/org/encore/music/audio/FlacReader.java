package org.encore.music.audio;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.encore.base.files.InvalidFileException;

/**
 * Decodes FLAC: frames of up to 65,535 samples, each channel predicted from its past and stored as the Rice-coded
 * difference. A frame whose checksum is wrong is left out.
 *
 * <p>Own code, because the Java decoders that Maven Central has do not end on some damaged files.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9639">RFC 9639</a>, whose section numbers stand below
 */
final class FlacReader {
    private static final int STREAM_INFO = 34;
    private static final int MOST_CHANNELS = 8;
    private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};
    private static final int[] RATES = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000
    };
    private static final int[] CRC_8 = remainders(8, 0x07);
    private static final int[] CRC_16 = remainders(16, 0x8005);
    private static final int[] DEPTHS = {0, 8, 12, 0, 16, 20, 24, 32};

    private final byte[] bytes;
    private final Path file;
    private final long[][] samples = new long[MOST_CHANNELS][];

    /** The next bit to read, counted from the start of the file. */
    private long bit;

    private int rate;
    private int depth;
    private long announced;
    private int damaged;

    FlacReader(byte[] bytes, Path file) {
        this.bytes = bytes;
        this.file = file;
    }

    /** The frame or the file ends or is wrong here. */
    private static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1L;

        DamagedException() {
            super("damaged", null, false, false);
        }
    }

    /** Number of frames that were left out. */
    int damaged() {
        return damaged;
    }

    /** Samples of each channel that the file announces; 0 if it does not. */
    long announced() {
        return announced;
    }

    /**
     * Delivers all frames to a sink.
     *
     * @param start the place of the word fLaC
     * @throws InvalidFileException if the file has no stream information
     */
    void read(int start, FrameSink sink) {
        int at = start + 4;
        boolean last = false;
        while (!last && at + 4 <= bytes.length) {
            int header = ByteBuffer.wrap(bytes).getInt(at);
            last = header < 0;
            int length = header & 0xFFFFFF;
            if (((header >>> 24) & 0x7F) == 0 && length >= STREAM_INFO && at + 4 + STREAM_INFO <= bytes.length) {
                readStreamInfo(at + 4, sink);
            }
            at += 4 + Math.min(length, bytes.length - at - 4);
        }
        if (!sink.hasBegun()) {
            throw new InvalidFileException(file, "is a damaged FLAC file: it has no stream information");
        }
        readFrames(at, sink);
    }

    private void readStreamInfo(int at, FrameSink sink) {
        long facts = ByteBuffer.wrap(bytes).getLong(at + 10);
        rate = (int) (facts >>> 44);
        depth = (int) ((facts >>> 36) & 31) + 1;
        announced = facts & 0xFFFFFFFFFL;
        sink.begin((int) ((facts >>> 41) & 7) + 1, rate);
    }

    private void readFrames(int from, FrameSink sink) {
        int at = from;
        boolean lost = false;
        while (at + 2 <= bytes.length) {
            if (bytes[at] == (byte) 0xFF && (bytes[at + 1] & 0xFE) == 0xF8) {
                bit = 8L * at;
                try {
                    readFrame(at, sink);
                    at = (int) (bit / 8);
                    lost = false;
                    continue;
                } catch (DamagedException e) {
                    // What follows may hold the next frame.
                }
            }
            damaged += lost ? 0 : 1;
            lost = true;
            at++;
        }
    }

    /** Section 9.1 to 9.3. */
    private void readFrame(int start, FrameSink sink) throws DamagedException {
        skip(16);
        int sizeCode = (int) read(4);
        int rateCode = (int) read(4);
        int assignment = (int) read(4);
        int depthCode = (int) read(3);
        skip(1);
        int continued = Math.max(0, Integer.numberOfLeadingZeros((int) ~(read(8) << 24)) - 1);
        skip(8 * continued);
        int size =
                switch (sizeCode) {
                    case 0 -> throw new DamagedException();
                    case 1 -> 192;
                    case 2, 3, 4, 5 -> 576 << (sizeCode - 2);
                    case 6 -> (int) read(8) + 1;
                    case 7 -> (int) read(16) + 1;
                    default -> 256 << (sizeCode - 8);
                };
        int frameRate =
                switch (rateCode) {
                    case 0 -> rate;
                    case 12 -> (int) read(8) * 1000;
                    case 13 -> (int) read(16);
                    case 14 -> (int) read(16) * 10;
                    case 15 -> throw new DamagedException();
                    default -> RATES[rateCode];
                };
        int check = crc8(start, (int) (bit / 8));
        int frameDepth = depthCode == 0 ? depth : DEPTHS[depthCode];
        if (check != read(8) || assignment > 10 || frameDepth == 0) {
            throw new DamagedException();
        }
        int channels = assignment < 8 ? assignment + 1 : 2;
        for (int channel = 0; channel < channels; channel++) {
            boolean isSide = assignment == 9 ? channel == 0 : assignment > 7 && channel == 1;
            readSubframe(channel, size, frameDepth + (isSide ? 1 : 0));
        }
        bit = (bit + 7) / 8 * 8;
        int sum = crc16(start, (int) (bit / 8));
        if (sum != read(16)) {
            throw new DamagedException();
        }
        separate(assignment, size);
        deliver(channels, frameRate, size, frameDepth, sink);
    }

    private void deliver(int channels, int frameRate, int size, int frameDepth, FrameSink sink) {
        sink.begin(channels, frameRate);
        float full = SoundDecoder.full(frameDepth);
        float[] values = new float[channels];
        for (int i = 0; i < size; i++) {
            for (int channel = 0; channel < channels; channel++) {
                values[channel] = samples[channel][i] / full;
            }
            sink.add(values);
        }
    }

    /** Left and right from one of them and their difference, or from their mean and their difference. */
    private void separate(int assignment, int size) {
        long[] a = samples[0];
        long[] b = samples[1];
        for (int i = 0; i < size && assignment > 7; i++) {
            if (assignment == 8) {
                b[i] = a[i] - b[i];
            } else if (assignment == 9) {
                a[i] += b[i];
            } else {
                long twice = (a[i] << 1) | (b[i] & 1);
                a[i] = (twice + b[i]) >> 1;
                b[i] = a[i] - b[i];
            }
        }
    }

    /** Section 9.2. */
    private void readSubframe(int channel, int size, int bits) throws DamagedException {
        if (samples[channel] == null || samples[channel].length < size) {
            samples[channel] = new long[size];
        }
        long[] out = samples[channel];
        skip(1);
        int kind = (int) read(6);
        int wasted = read(1) == 0 ? 0 : 1 + unary();
        int stored = bits - wasted;
        if (stored < 1) {
            throw new DamagedException();
        }
        if (kind == 0) {
            Arrays.fill(out, 0, size, readSigned(stored));
        } else if (kind == 1) {
            for (int i = 0; i < size; i++) {
                out[i] = readSigned(stored);
            }
        } else if (kind >= 8 && kind <= 12) {
            readPredicted(out, size, stored, FIXED[kind - 8].length, FIXED[kind - 8]);
        } else if (kind >= 32) {
            readPredicted(out, size, stored, kind - 31, null);
        } else {
            throw new DamagedException();
        }
        for (int i = 0; i < size && wasted > 0; i++) {
            out[i] <<= wasted;
        }
    }

    /** First samples, coefficients unless they are fixed, and the differences to what these predict. */
    private void readPredicted(long[] out, int size, int bits, int order, int[] fixed) throws DamagedException {
        if (order > size) {
            throw new DamagedException();
        }
        for (int i = 0; i < order; i++) {
            out[i] = readSigned(bits);
        }
        int shift = 0;
        int[] coefficients = fixed;
        if (fixed == null) {
            int precision = (int) read(4) + 1;
            shift = (int) readSigned(5);
            coefficients = new int[order];
            for (int i = 0; i < order; i++) {
                coefficients[i] = (int) readSigned(precision);
            }
            if (precision == 16 || shift < 0) {
                throw new DamagedException();
            }
        }
        readResidual(out, size, order);
        for (int i = order; i < size; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * out[i - 1 - j];
            }
            out[i] += sum >> shift;
        }
    }

    /** Section 9.2.7: parts of equal length, each with its own Rice parameter. */
    private void readResidual(long[] out, int size, int order) throws DamagedException {
        int method = (int) read(2);
        int parts = 1 << read(4);
        if (method > 1 || size % parts != 0 || size / parts < order) {
            throw new DamagedException();
        }
        int width = method == 0 ? 4 : 5;
        int at = order;
        for (int part = 0; part < parts; part++) {
            int end = (part + 1) * (size / parts);
            int parameter = (int) read(width);
            if (parameter == (1 << width) - 1) {
                int bits = (int) read(5);
                for (; at < end; at++) {
                    out[at] = bits == 0 ? 0 : readSigned(bits);
                }
            }
            for (; at < end; at++) {
                long value = ((long) unary() << parameter) | read(parameter);
                out[at] = (value >>> 1) ^ -(value & 1);
            }
        }
    }

    private void skip(int bits) throws DamagedException {
        if (bit + bits > 8L * bytes.length) {
            throw new DamagedException();
        }
        bit += bits;
    }

    /** The next bits, at most 33. */
    private long read(int bits) throws DamagedException {
        long from = bit;
        skip(bits);
        long value = 0;
        int at = (int) (from / 8);
        int have = 0;
        int skipped = (int) (from % 8);
        while (have < bits + skipped) {
            value = (value << 8) | (bytes[at++] & 0xFF);
            have += 8;
        }
        return (value >>> (have - skipped - bits)) & ((1L << bits) - 1);
    }

    private long readSigned(int bits) throws DamagedException {
        int unused = Long.SIZE - bits;
        return (read(bits) << unused) >> unused;
    }

    /** The number of zeros before the next one. */
    private int unary() throws DamagedException {
        long from = bit;
        int at = (int) (from / 8);
        int window = at < bytes.length ? bytes[at] & (0xFF >>> (from % 8)) : 0;
        while (window == 0) {
            if (++at >= bytes.length) {
                throw new DamagedException();
            }
            window = bytes[at] & 0xFF;
        }
        long one = 8L * at + Integer.numberOfLeadingZeros(window) - 24;
        bit = one + 1;
        return (int) (one - from);
    }

    private int crc8(int from, int to) {
        int crc = 0;
        for (int at = from; at < to; at++) {
            crc = CRC_8[crc ^ (bytes[at] & 0xFF)];
        }
        return crc;
    }

    private int crc16(int from, int to) {
        int crc = 0;
        for (int at = from; at < to; at++) {
            crc = ((crc << 8) & 0xFFFF) ^ CRC_16[(crc >>> 8) ^ (bytes[at] & 0xFF)];
        }
        return crc;
    }

    /** The remainders of all bytes. */
    private static int[] remainders(int bits, int polynomial) {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << (bits - 8);
            for (int step = 0; step < 8; step++) {
                crc = (crc & (1 << (bits - 1))) == 0 ? crc << 1 : (crc << 1) ^ polynomial;
            }
            table[i] = crc & ((1 << bits) - 1);
        }
        return table;
    }
}
