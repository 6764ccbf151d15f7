package org.encore.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.encore.base.files.AtomicFiles;

/**
 * Writes scalars, texts and audio for TensorBoard.
 *
 * <p>A file is a sequence of records: length (8 bytes, little-endian), masked CRC32C of the length, an encoded {@code
 * Event}, masked CRC32C of the event. Field numbers are those of {@code tensorflow/core/util/event.proto} and {@code
 * tensorflow/core/framework/summary.proto}; those of hyperparameters are of {@code
 * tensorboard/plugins/hparams/plugin_data.proto}.
 */
public final class TensorBoardWriter implements AutoCloseable {
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int VALUE_AUDIO = 6;
    private static final int VALUE_TENSOR = 8;
    private static final int VALUE_METADATA = 9;
    private static final int TENSOR_TYPE_FLOAT = 1;
    private static final int TENSOR_TYPE_STRING = 7;
    private static final int STATUS_SUCCESS = 1;
    private static final String WAV = ".wav";
    private static final double MILLISECONDS_PER_SECOND = 1000.0;

    private final Path directory;
    private final OutputStream out;
    private final Clock clock;

    private TensorBoardWriter(Path directory, OutputStream out, Clock clock) {
        this.directory = directory;
        this.out = out;
        this.clock = clock;
    }

    /**
     * Opens a new file in a directory, which is created where needed.
     *
     * @param firstStep the first step that will be written; TensorBoard discards this and later steps of earlier files
     * @param clock time for the file name and the events
     */
    public static TensorBoardWriter open(Path directory, long firstStep, Clock clock) throws IOException {
        TensorBoardWriter writer = append(directory, clock);
        ProtoMessage start = new ProtoMessage().integer(1, SESSION_START);
        writer.write(writer.event().integer(EVENT_STEP, firstStep).message(EVENT_SESSION_LOG, start));
        return writer;
    }

    /**
     * Opens a further file of a run that no other file is being written for: what was written before stays.
     *
     * <p>TensorBoard reads the files of a run one after the other and never goes back, so that two must not be written at
     * once.
     */
    public static TensorBoardWriter append(Path directory, Clock clock) throws IOException {
        Files.createDirectories(directory);
        OutputStream file = newFile(directory, clock.instant().getEpochSecond());
        TensorBoardWriter writer = new TensorBoardWriter(directory, new BufferedOutputStream(file), clock);
        writer.write(writer.event().text(EVENT_FILE_VERSION, "brain.Event:2"));
        return writer;
    }

    /**
     * Writes what the run was started with, for the tab of hyperparameters.
     *
     * @param values numbers, truth values and texts by name
     */
    public void started(Map<String, ?> values) throws IOException {
        ProtoMessage start = new ProtoMessage();
        values.forEach((name, value) ->
                start.message(1, new ProtoMessage().text(1, name).message(2, jsonValue(value))));
        start.float64(5, clock.millis() / MILLISECONDS_PER_SECOND);
        hyperparameters("_hparams_/session_start_info", 3, start);
    }

    /** Writes that the run came to its end, for the tab of hyperparameters. */
    public void finished() throws IOException {
        ProtoMessage end =
                new ProtoMessage().integer(1, STATUS_SUCCESS).float64(2, clock.millis() / MILLISECONDS_PER_SECOND);
        hyperparameters("_hparams_/session_end_info", 4, end);
    }

    /** A {@code google.protobuf.Value}. */
    private static ProtoMessage jsonValue(Object value) {
        if (value instanceof Number number) {
            return new ProtoMessage().float64(2, number.doubleValue());
        }
        return value instanceof Boolean truth
                ? new ProtoMessage().integer(4, truth ? 1 : 0)
                : new ProtoMessage().text(3, String.valueOf(value));
    }

    /** The content is in the metadata of the plugin; the value itself is one 0, as TensorBoard writes it. */
    private void hyperparameters(String tag, int field, ProtoMessage content) throws IOException {
        ProtoMessage plugin =
                new ProtoMessage().text(1, "hparams").message(2, new ProtoMessage().message(field, content));
        ProtoMessage shape = new ProtoMessage().message(2, new ProtoMessage().integer(1, 1));
        ProtoMessage zero = new ProtoMessage()
                .integer(1, TENSOR_TYPE_FLOAT)
                .message(2, shape)
                .float32(5, 0.0f);
        value(
                0,
                new ProtoMessage()
                        .text(VALUE_TAG, tag)
                        .message(VALUE_METADATA, new ProtoMessage().message(1, plugin))
                        .message(VALUE_TENSOR, zero));
    }

    /**
     * Writes the samples of a step: sound and prompt of each, as {@code samples/000}. Nothing if the step has no samples.
     *
     * @param directory of the samples: {@code 000.wav}, {@code 000.json} with the {@code prompt}, and so on
     */
    public void samples(long step, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> sounds;
        try (Stream<Path> files = Files.list(directory)) {
            sounds = files.filter(file -> file.getFileName().toString().endsWith(WAV))
                    .sorted()
                    .toList();
        }
        for (Path sound : sounds) {
            String file = sound.getFileName().toString();
            String name = file.substring(0, file.length() - WAV.length());
            byte[] wav = Files.readAllBytes(sound);
            audio(step, "samples/" + name, wav, AudioFormat.of(wav));
            Path facts = sound.resolveSibling(name + ".json");
            if (Files.isRegularFile(facts)) {
                text(step, "samples/" + name + "/prompt", promptOf(facts));
            }
        }
    }

    private static String promptOf(Path facts) throws IOException {
        return new ObjectMapper().readTree(facts.toFile()).path("prompt").asText();
    }

    /** Writes several scalars of one step. */
    public void scalars(long step, Map<String, ? extends Number> values) throws IOException {
        ProtoMessage summary = new ProtoMessage();
        values.forEach((tag, value) -> summary.message(
                SUMMARY_VALUE, new ProtoMessage().text(VALUE_TAG, tag).float32(VALUE_SIMPLE, value.floatValue())));
        write(event().integer(EVENT_STEP, step).message(EVENT_SUMMARY, summary));
    }

    /** Writes a text, which TensorBoard shows as Markdown. */
    public void text(long step, String tag, String markdown) throws IOException {
        ProtoMessage plugin = new ProtoMessage().text(1, "text");
        ProtoMessage tensor = new ProtoMessage()
                .integer(1, TENSOR_TYPE_STRING)
                .message(2, new ProtoMessage())
                .text(8, markdown);
        value(
                step,
                new ProtoMessage()
                        .text(VALUE_TAG, tag)
                        .message(VALUE_METADATA, new ProtoMessage().message(1, plugin))
                        .message(VALUE_TENSOR, tensor));
    }

    /**
     * Writes audio.
     *
     * @param wav a whole WAV file
     * @param format format of the file
     */
    public void audio(long step, String tag, byte[] wav, AudioFormat format) throws IOException {
        ProtoMessage audio = new ProtoMessage()
                .float32(1, format.sampleRate())
                .integer(2, format.channels())
                .integer(3, format.frames())
                .bytes(4, wav)
                .text(5, "audio/wav");
        value(step, new ProtoMessage().text(VALUE_TAG, tag).message(VALUE_AUDIO, audio));
    }

    /**
     * The format of encoded audio.
     *
     * @param sampleRate in frames a second
     * @param channels 1 or more
     * @param frames samples of one channel
     */
    public record AudioFormat(int sampleRate, int channels, long frames) {
        private static final int CHANNELS_AT = 22;
        private static final int RATE_AT = 24;
        private static final int LENGTH_AT = 40;

        /** Reads the header that {@link org.encore.music.audio.WaveFiles} writes: 16 bits a sample. */
        static AudioFormat of(byte[] wav) {
            ByteBuffer header = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
            int channels = header.getShort(CHANNELS_AT);
            return new AudioFormat(
                    header.getInt(RATE_AT), channels, header.getInt(LENGTH_AT) / ((long) Short.BYTES * channels));
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void value(long step, ProtoMessage value) throws IOException {
        write(event().integer(EVENT_STEP, step)
                .message(EVENT_SUMMARY, new ProtoMessage().message(SUMMARY_VALUE, value)));
    }

    private ProtoMessage event() {
        return new ProtoMessage().float64(EVENT_WALL_TIME, clock.millis() / MILLISECONDS_PER_SECOND);
    }

    private void write(ProtoMessage event) throws IOException {
        byte[] data = event.encoded();
        byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
        try {
            out.write(length);
            out.write(maskedCrc(length));
            out.write(data);
            out.write(maskedCrc(data));
            out.flush();
        } catch (IOException e) {
            throw AtomicFiles.naming(directory, e);
        }
    }

    /** The masked checksum: rotated and shifted, so that data which contains checksums still has a good one. */
    private static byte[] maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
        return littleEndian(Integer.BYTES).putInt(masked).array();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** TensorBoard reads the files of a directory in the order of their names. */
    private static OutputStream newFile(Path directory, long second) throws IOException {
        int number = 0;
        Path file = directory.resolve(name(second, number));
        while (Files.exists(file)) {
            number++;
            file = directory.resolve(name(second, number));
        }
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    }

    private static String name(long second, int number) {
        return String.format(Locale.ROOT, "events.out.tfevents.%010d.encore.%03d", second, number);
    }

    /**
     * Encodes one protocol buffer message, field by field.
     *
     * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
     */
    static final class ProtoMessage {
        private static final int VARINT = 0;
        private static final int FIXED_64 = 1;
        private static final int LENGTH_DELIMITED = 2;
        private static final int FIXED_32 = 5;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        ProtoMessage integer(int field, long value) {
            varint(tag(field, VARINT));
            varint(value);
            return this;
        }

        ProtoMessage float64(int field, double value) {
            varint(tag(field, FIXED_64));
            littleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
            return this;
        }

        ProtoMessage float32(int field, float value) {
            varint(tag(field, FIXED_32));
            littleEndian(Float.floatToRawIntBits(value), Float.BYTES);
            return this;
        }

        ProtoMessage bytes(int field, byte[] value) {
            varint(tag(field, LENGTH_DELIMITED));
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        ProtoMessage text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        ProtoMessage message(int field, ProtoMessage value) {
            return bytes(field, value.encoded());
        }

        byte[] encoded() {
            return bytes.toByteArray();
        }

        private static long tag(int field, int wireType) {
            return ((long) field << 3) | wireType;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        private void littleEndian(long value, int count) {
            for (int i = 0; i < count; i++) {
                bytes.write((int) (value >>> (8 * i)));
            }
        }
    }
}
