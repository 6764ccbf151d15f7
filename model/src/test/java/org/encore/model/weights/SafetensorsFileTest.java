package org.encore.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    @TempDir
    Path directory;

    private Path file(long headerLength, String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(headerLength).put(json);
        return Files.write(directory.resolve("w.safetensors"), bytes.array());
    }

    private Path file(String header, int dataBytes) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
    }

    private static String refusal(Path file) {
        InvalidFileException e = assertThrows(
                InvalidFileException.class, () -> SafetensorsFile.open(file).close());
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), "one line");
        return e.problem();
    }

    private static void assertRefused(Path file, String part) {
        String problem = refusal(file);
        assertTrue(problem.contains(part), problem);
    }

    @Test
    void whatIsWrittenIsReadBitForBit() throws IOException {
        float[] values = {0.0f, -0.0f, 1.5f, Float.MIN_VALUE, -Float.MAX_VALUE, (float) Math.PI};
        SafetensorsWriter writer = new SafetensorsWriter(Format.F32);
        writer.add("matrix \"quoted\" ü", List.of(2, 3), () -> values);
        writer.add("empty", List.of(0, 4), () -> new float[0]);
        writer.add("scalar", List.of(), () -> new float[] {7});
        Path file = directory.resolve("w.safetensors");
        writer.write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertEquals(List.of("matrix \"quoted\" ü", "empty", "scalar"), List.copyOf(read.names()));
            float[] back = read.floats("matrix \"quoted\" ü");
            for (int i = 0; i < values.length; i++) {
                assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(back[i]));
            }
            assertEquals(List.of(0, 4), read.entry("empty").shape());
            assertEquals(0, read.floats("empty").length);
            assertArrayEquals(new float[] {7}, read.floats("scalar"), 0.0f);
            assertFalse(read.has("other"));
            assertThrows(InvalidFileException.class, () -> read.floats("other"));
            assertThrows(InvalidFileException.class, () -> read.integers("scalar"));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0, bytes.getLong(0) % 8, "tensors start aligned");
        assertEquals(8 + bytes.getLong(0) + 7 * 4, bytes.capacity());
    }

    @Test
    void halvesTakeTwoBytesANumber() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(Format.F16);
        writer.add("a", List.of(3), () -> new float[] {1.0f, -2.5f, 0.1f});
        writer.add("b", List.of(1), () -> new float[] {1e9f});
        Path file = directory.resolve("w.safetensors");
        writer.write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertEquals("F16", read.entry("a").type());
            // 0.1 = 1.6 · 2^-4, and 1.6 · 1024 = 1638.4 becomes 1638.
            assertArrayEquals(new float[] {1.0f, -2.5f, 1638.0f / 1024 / 16}, read.floats("a"), 0.0f);
            assertEquals(Float.POSITIVE_INFINITY, read.floats("b")[0]);
        }
    }

    @Test
    void aWrongNumberOfValuesIsNotWritten() {
        SafetensorsWriter writer = new SafetensorsWriter(Format.F32);
        writer.add("a", List.of(3), () -> new float[2]);
        Path file = directory.resolve("w.safetensors");
        assertThrows(IllegalArgumentException.class, () -> writer.write(file));
        assertFalse(Files.exists(file));
    }

    @Test
    void everyTypeIsConverted() throws IOException {
        String header = "{\"f64\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"i64\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[8,24]},"
                + "\"i32\":{\"dtype\":\"I32\",\"shape\":[1,1],\"data_offsets\":[24,28]},"
                + "\"bf16\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[28,32]},"
                + "\"__metadata__\":{\"format\":\"pt\"}}";
        Path file = file(header, 32);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.position(bytes.length - 32);
        data.putDouble(-1.25)
                .putLong(-3)
                .putLong(1L << 40)
                .putInt(-9)
                .putShort((short) 0x3F80)
                .putShort((short) 0xC040);
        Files.write(file, bytes);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertArrayEquals(new float[] {-1.25f}, read.floats("f64"), 0.0f);
            assertArrayEquals(new float[] {-3, 0x1p40f}, read.floats("i64"), 0.0f);
            assertArrayEquals(new int[] {-9}, read.integers("i32"));
            assertArrayEquals(new float[] {1, -3}, read.floats("bf16"), 0.0f);
            InvalidFileException e = assertThrows(InvalidFileException.class, () -> read.integers("i64"));
            assertEquals("tensor i64 holds an integer of more than 32 bits", e.problem());
        }
    }

    @Test
    void filesThatAreTooShort() throws IOException {
        Path file = directory.resolve("w.safetensors");
        assertRefused(file, "there is no such file");
        for (int size : new int[] {0, 1, 7}) {
            Files.write(file, new byte[size]);
            assertRefused(file, "too short");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3, 99_999_999, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32})
    void headerLengthsThatLie(long length) throws IOException {
        assertRefused(file(length, "{}", 0), "header claims " + Long.toUnsignedString(length) + " bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "12", "null", "\"{}\"", "  ", "{\"a\":1", "{} {}", "{\"a\":{},\"a\":{}}", "{nonsense}"})
    void headersThatAreNoJsonObject(String header) throws IOException {
        assertRefused(file(header, 0), "the safetensors header is not");
    }

    @Test
    void deeplyNestedHeadersDoNotExhaustTheStack() throws IOException {
        assertRefused(file("{\"a\":" + "[".repeat(100_000), 0), "the safetensors header is not valid JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":5} | has type \"\"",
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}} | allowed are BF16, F16, F32",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.0]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[18446744073709551616,4]}} | lacks a shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}} | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,4]}} | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}} | impossible",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}} | impossible shape",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}} | needs 4 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | needs 4 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}} | needs 4 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | starts at byte 4 instead of 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | describes 8 bytes",
                "{} | describes 0 bytes of tensors, but the file holds 4"
            })
    void headersThatDoNotFitTheFile(String header, String part) throws IOException {
        assertRefused(file(header, 4), part);
    }

    @Test
    void rangesThatOverlapOrLeaveGaps() throws IOException {
        String format = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}";
        assertRefused(file(String.format(Locale.ROOT, format, 4, 12), 12), "tensor b starts at byte 4 instead of 8");
        assertRefused(file(String.format(Locale.ROOT, format, 12, 20), 20), "tensor b starts at byte 12 instead of 8");
        assertRefused(file(String.format(Locale.ROOT, format, 0, 8), 8), "starts at byte 0 instead of 8");
        SafetensorsFile.open(file(String.format(Locale.ROOT, format, 8, 16), 16))
                .close();
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(Format.F32);
        writer.add("a", List.of(5), () -> new float[5]);
        Path whole = directory.resolve("whole.safetensors");
        writer.write(whole);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = directory.resolve("w.safetensors");
        for (int size = 0; size < bytes.length; size++) {
            Files.write(cut, Arrays.copyOf(bytes, size));
            refusal(cut);
        }
        Files.write(cut, Arrays.copyOf(bytes, bytes.length + 1));
        assertRefused(cut, "but the file holds 21");
    }

    @Test
    void namesDoNotBreakTheLine() throws IOException {
        assertRefused(file("{\"a\\nb\":{\"dtype\":\"X\"}}", 0), "tensor a b has type");
    }
}
