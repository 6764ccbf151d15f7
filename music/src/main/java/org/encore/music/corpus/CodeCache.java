package org.encore.music.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;

/** Codes of sound in files of a folder, so that sound is encoded once. */
final class CodeCache {
    private static final Logger LOG = LogManager.getLogger(CodeCache.class);
    private static final int MAGIC = 0x454E4331;
    private static final int HEADER_INTS = 4;

    private final Path folder;

    CodeCache(Path folder) {
        this.folder = folder;
    }

    /**
     * What codes depend on beside the sound: sizes, and what the encoder makes of a second of noise.
     *
     * @param shape of the codec's sound
     * @param frames of a clip
     */
    static String identity(AudioCodec codec, WaveformEncoder encoder, Waveform shape, int frames) {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE);
        float[] noise = new float[shape.sampleRate()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (0.1 * random.nextGaussian());
        }
        return new Digest()
                .add(codec.name() + " " + codec.codebooks() + " " + codec.cardinality() + " " + shape.sampleRate() + " "
                        + encoder.framesPerSecond() + " " + frames
                        + (shape.channels() == 1 ? "" : " in " + shape.channels()))
                .add(Arrays.deepToString(encoder.encode(new Waveform(noise, shape.sampleRate()))))
                .hex();
    }

    /** The codes under a name; empty if there are none, or they are damaged. */
    Optional<List<int[][]>> read(String name) throws IOException {
        Path file = file(name);
        return Files.isRegularFile(file) ? read(file) : Optional.empty();
    }

    /**
     * Keeps codes under a name.
     *
     * @param clips at least one, {@code [K][F]} each, all of one shape
     */
    void write(String name, List<int[][]> clips) throws IOException {
        AtomicFiles.write(file(name), bytes(clips));
    }

    private Path file(String name) {
        return folder.resolve(name + ".codes");
    }

    /** Magic, K, clips and frames, the codes, and their CRC-32; all as integers of 32 bits. */
    private static byte[] bytes(List<int[][]> clips) {
        int codebooks = clips.get(0).length;
        int length = clips.get(0)[0].length;
        int numbers = HEADER_INTS + clips.size() * codebooks * length;
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES * (numbers + 1));
        out.putInt(MAGIC).putInt(codebooks).putInt(clips.size()).putInt(length);
        for (int[][] clip : clips) {
            for (int[] row : clip) {
                for (int code : row) {
                    out.putInt(code);
                }
            }
        }
        return out.putInt(checksum(out.array(), out.position())).array();
    }

    private static Optional<List<int[][]>> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int body = bytes.length - Integer.BYTES;
        if (body < Integer.BYTES * HEADER_INTS || checksum(bytes, body) != in.getInt(body) || in.getInt() != MAGIC) {
            LOG.warn("{}: is damaged, and is made anew", file);
            return Optional.empty();
        }
        int[][][] codes = new int[in.getInt(8)][in.getInt(4)][in.getInt(12)];
        in.position(Integer.BYTES * HEADER_INTS);
        for (int[][] clip : codes) {
            for (int[] row : clip) {
                for (int f = 0; f < row.length; f++) {
                    row[f] = in.getInt();
                }
            }
        }
        return Optional.of(List.of(codes));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
