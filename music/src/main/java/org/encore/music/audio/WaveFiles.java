package org.encore.music.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.InvalidFileException;

/**
 * Reads and writes WAV files.
 *
 * <p>Written are 16 bits a sample, one channel. Read are whole numbers of 8, 16, 24 and 32 bits and floating point of 32
 * bits, with one channel or with two, which are averaged. Chunks other than format and samples are passed over.
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
        float[] samples = waveform.samples();
        int dataBytes = Math.multiplyExact(2, samples.length);
        ByteBuffer out =
                ByteBuffer.allocate(Math.addExact(HEADER_BYTES, dataBytes)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).put(ascii("WAVE"));
        out.put(ascii("fmt ")).putInt(16).putShort((short) PCM).putShort((short) 1);
        out.putInt(waveform.sampleRate()).putInt(2 * waveform.sampleRate());
        out.putShort((short) 2).putShort((short) 16);
        out.put(ascii("data")).putInt(dataBytes);
        for (float sample : samples) {
            out.putShort((short) Math.round(SCALE * Math.max(-1.0f, Math.min(1.0f, sample))));
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
     * @param name what messages call them
     * @throws InvalidFileException if this is not a WAV file that can be used
     */
    public static Waveform read(byte[] bytes, String name) {
        return new WaveParser(bytes, Path.of(name)).parse();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
