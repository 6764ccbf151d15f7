package org.encore.model.weights;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.encore.base.files.InvalidFileException;

/**
 * A safetensors file: a 64-bit little-endian length, a JSON header of that length, raw little-endian tensors.
 *
 * <p>Opening checks the header against the size of the file: types are known, shapes match byte ranges, ranges neither
 * overlap nor leave gaps nor pass the end. Tensors of up to 2 GiB are read on demand.
 */
public final class SafetensorsFile implements AutoCloseable {
    static final String METADATA = "__metadata__";

    private static final int LENGTH_BYTES = 8;
    /** The limit of the reference implementation. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One tensor of the header.
     *
     * @param name its name
     * @param type F32, F16, BF16, F64, I64 or I32
     * @param shape its shape; empty for a single number
     * @param start first byte after the header
     * @param end byte after the last
     */
    public record Entry(String name, String type, List<Integer> shape, long start, long end) {
        /** Number of elements. */
        public int size() {
            return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        }
    }

    private final Path path;
    private final FileChannel channel;
    private final long base;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    private SafetensorsFile(
            Path path, FileChannel channel, long base, Map<String, Entry> entries, Map<String, String> metadata) {
        this.path = path;
        this.channel = channel;
        this.base = base;
        this.entries = entries;
        this.metadata = metadata;
    }

    /**
     * Opens and checks a file.
     *
     * @throws InvalidFileException if it is not a valid safetensors file
     */
    public static SafetensorsFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidFileException(path, "there is no such file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            long length = headerLength(path, channel);
            JsonNode header =
                    parse(path, read(path, channel, LENGTH_BYTES, (int) length).array());
            long base = LENGTH_BYTES + length;
            return new SafetensorsFile(
                    path, channel, base, entries(path, header, channel.size() - base), metadata(header));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static long headerLength(Path path, FileChannel channel) throws IOException {
        if (channel.size() < LENGTH_BYTES) {
            throw new InvalidFileException(path, "is too short to be a safetensors file: " + channel.size() + " bytes");
        }
        long length = read(path, channel, 0, LENGTH_BYTES).getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > channel.size() - LENGTH_BYTES) {
            throw new InvalidFileException(
                    path,
                    "the safetensors header claims " + Long.toUnsignedString(length) + " bytes, but the file has "
                            + channel.size() + "; the file is damaged or not a safetensors file");
        }
        return length;
    }

    private static JsonNode parse(Path path, byte[] json) {
        try {
            JsonNode header = JSON.readTree(json);
            if (header.isObject()) {
                return header;
            }
        } catch (IOException e) {
            throw new InvalidFileException(path, "the safetensors header is not valid JSON", e);
        }
        throw new InvalidFileException(path, "the safetensors header is not a JSON object");
    }

    private static Map<String, String> metadata(JsonNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .properties()
                .forEach(field -> metadata.put(field.getKey(), field.getValue().asText()));
        return Collections.unmodifiableMap(metadata);
    }

    private static Map<String, Entry> entries(Path path, JsonNode header, long bytes) {
        List<Entry> list = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                list.add(entry(path, field.getKey(), field.getValue()));
            }
        }
        list.sort(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::end));
        long expected = 0;
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Entry e : list) {
            if (e.start() != expected) {
                throw new InvalidFileException(
                        path, "tensor " + e.name() + " starts at byte " + e.start() + " instead of " + expected);
            }
            expected = e.end();
            entries.put(e.name(), e);
        }
        if (expected != bytes) {
            throw new InvalidFileException(
                    path, "the header describes " + expected + " bytes of tensors, but the file holds " + bytes);
        }
        return Collections.unmodifiableMap(entries);
    }

    private static Entry entry(Path path, String name, JsonNode node) {
        String type = node.path("dtype").asText("");
        int width = TensorTypes.width(type)
                .orElseThrow(() -> new InvalidFileException(
                        path, "tensor " + name + " has type \"" + type + "\"; allowed are " + TensorTypes.allowed()));
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("shape").isArray()
                || !offsets.isArray()
                || offsets.size() != 2
                || !isLong(offsets.get(0))
                || !isLong(offsets.get(1))) {
            throw new InvalidFileException(path, "tensor " + name + " lacks a shape or two data_offsets");
        }
        long count = 1;
        List<Integer> shape = new ArrayList<>();
        for (JsonNode axis : node.get("shape")) {
            long size = isLong(axis) ? axis.asLong() : -1;
            if (size < 0 || size > Integer.MAX_VALUE || count * Math.max(size, 1) > Integer.MAX_VALUE) {
                throw new InvalidFileException(
                        path, "tensor " + name + " has the impossible shape " + node.get("shape"));
            }
            count *= size;
            shape.add((int) size);
        }
        long start = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        if (start < 0 || end - start != count * width) {
            throw new InvalidFileException(
                    path,
                    "tensor " + name + " of shape " + shape + " and type " + type + " needs " + count * width
                            + " bytes, but its data_offsets are [" + start + ", " + end + "]");
        }
        return new Entry(name, type, List.copyOf(shape), start, end);
    }

    private static boolean isLong(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    public Path path() {
        return path;
    }

    /** What the file says of itself. */
    Map<String, String> metadata() {
        return metadata;
    }

    /**
     * {@link #floats}, all finite.
     *
     * @throws InvalidFileException if a value is not
     */
    float[] finiteFloats(String name) throws IOException {
        float[] values = floats(name);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidFileException(path, "tensor " + name + " holds a value that is not finite");
            }
        }
        return values;
    }

    /** Names of all tensors, in the order of the file. */
    public Set<String> names() {
        return entries.keySet();
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * A tensor's description.
     *
     * @throws InvalidFileException if the file does not hold it
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new InvalidFileException(path, "tensor " + name + " is missing");
        }
        return entry;
    }

    /** A tensor's values, row-major, in 32 bits; integers are converted too. */
    public float[] floats(String name) throws IOException {
        Entry e = entry(name);
        return TensorTypes.floats(bytes(e), e);
    }

    /**
     * A tensor of integers.
     *
     * @throws InvalidFileException if it does not hold integers of 32 bits
     */
    public int[] integers(String name) throws IOException {
        Entry e = entry(name);
        if (!e.type().startsWith("I")) {
            throw new InvalidFileException(
                    path, "tensor " + name + " has type " + e.type() + ", but must hold integers");
        }
        try {
            return TensorTypes.integers(bytes(e), e);
        } catch (ArithmeticException x) {
            throw new InvalidFileException(path, "tensor " + name + " holds an integer of more than 32 bits", x);
        }
    }

    /** A tensor's bytes as they are in the file. */
    ByteBuffer bytes(Entry e) throws IOException {
        long count = e.end() - e.start();
        if (count > Integer.MAX_VALUE - LENGTH_BYTES) {
            throw new InvalidFileException(path, "tensor " + e.name() + " has more than 2 GiB");
        }
        return read(path, channel, base + e.start(), (int) count);
    }

    private static ByteBuffer read(Path path, FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new InvalidFileException(path, "the file ends in the middle of a tensor");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Number formats of a safetensors file. */
    static final class TensorTypes {
        private static final Map<String, Integer> WIDTHS =
                new TreeMap<>(Map.of("F64", 8, "F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4));

        private TensorTypes() {}

        /** Bytes of one element. */
        static OptionalInt width(String type) {
            Integer width = WIDTHS.get(type);
            return width == null ? OptionalInt.empty() : OptionalInt.of(width);
        }

        static String allowed() {
            return String.join(", ", WIDTHS.keySet());
        }

        static float[] floats(ByteBuffer bytes, SafetensorsFile.Entry e) {
            float[] values = new float[e.size()];
            switch (e.type()) {
                case "F32" -> bytes.asFloatBuffer().get(values);
                case "F64" -> fill(values, i -> (float) bytes.getDouble(8 * i));
                case "F16" -> fill(values, i -> halfToFloat(bytes.getShort(2 * i)));
                case "BF16" -> fill(values, i -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16));
                case "I32" -> fill(values, i -> bytes.getInt(4 * i));
                default -> fill(values, i -> bytes.getLong(8 * i));
            }
            return values;
        }

        private interface Element {
            float at(int index);
        }

        private static void fill(float[] values, Element element) {
            for (int i = 0; i < values.length; i++) {
                values[i] = element.at(i);
            }
        }

        static int[] integers(ByteBuffer bytes, SafetensorsFile.Entry e) {
            int[] values = new int[e.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = e.type().equals("I32") ? bytes.getInt(4 * i) : Math.toIntExact(bytes.getLong(8 * i));
            }
            return values;
        }

        /** binary32 to bfloat16, rounded to nearest, ties to even. */
        static short floatToBfloat16(float value) {
            int bits = Float.floatToRawIntBits(value);
            if (Float.isNaN(value)) {
                return (short) (bits >>> 16 | 0x40);
            }
            // Half of the last place kept, less one where that place is even; a carry correctly increases the exponent.
            return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
        }

        /** IEEE 754 binary16 to binary32; exact. */
        static float halfToFloat(short half) {
            int sign = half >>> 15 & 1;
            int exponent = half >>> 10 & 0x1F;
            int fraction = half & 0x3FF;
            float magnitude;
            if (exponent == 0x1F) {
                magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            } else if (exponent == 0) {
                magnitude = Math.scalb((float) fraction, -24);
            } else {
                magnitude = Math.scalb(1.0f + fraction / 1024.0f, exponent - 15);
            }
            return sign == 1 ? -magnitude : magnitude;
        }

        /** binary32 to IEEE 754 binary16, rounded to nearest, ties to even; too large becomes infinite. */
        static short floatToHalf(float value) {
            int bits = Float.floatToRawIntBits(value);
            int sign = bits >>> 16 & 0x8000;
            float magnitude = Math.abs(value);
            if (Float.isNaN(value)) {
                return (short) (sign | 0x7E00);
            }
            // 65520 is half way between the largest half and the power of two above it.
            if (magnitude >= 65520.0f) {
                return (short) (sign | 0x7C00);
            }
            // Below 2^-14 halves are multiples of 2^-24; above, of 2^(exponent - 10). rint rounds ties to even.
            int exponent = Math.max(Math.getExponent(magnitude), -14);
            int steps = (int) Math.rint(Math.scalb((double) magnitude, 10 - exponent));
            // A carry out of the fraction correctly increases the exponent.
            return (short) (sign | (((exponent + 14) << 10) + steps));
        }
    }
}
