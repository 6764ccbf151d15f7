package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A decoder of TensorBoard's files that shares nothing with the writer, its checksum included. */
final class EventFile {
    /** A field of a message: its number and its raw value (a Long for varint and fixed types, else bytes). */
    record Field(int number, Object value) {
        long integer() {
            return (Long) value;
        }

        double float64() {
            return Double.longBitsToDouble(integer());
        }

        float float32() {
            return Float.intBitsToFloat((int) integer());
        }

        byte[] bytes() {
            return (byte[]) value;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }

    private EventFile() {}

    /** The fields of every event of a file; both checksums of every record are checked. */
    static List<List<Field>> read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        List<List<Field>> events = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            int length = Math.toIntExact(in.getLong());
            assertEquals(masked(Arrays.copyOfRange(all, start, start + 8)), in.getInt(), "checksum of a length");
            byte[] data = new byte[length];
            in.get(data);
            assertEquals(masked(data), in.getInt(), "checksum of an event");
            events.add(fields(data));
        }
        return events;
    }

    /** Splits a message into its fields. */
    static List<Field> fields(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag / 8);
            switch ((int) (tag % 8)) {
                case 0 -> fields.add(new Field(number, varint(in)));
                case 1 -> fields.add(new Field(number, in.getLong()));
                case 5 -> fields.add(new Field(number, (long) in.getInt()));
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    fields.add(new Field(number, bytes));
                }
                default -> throw new AssertionError("wire type of tag " + tag);
            }
        }
        return fields;
    }

    /** The only field of a number. */
    static Field only(List<Field> fields, int number) {
        List<Field> found =
                fields.stream().filter(field -> field.number() == number).toList();
        assertEquals(1, found.size(), "fields " + number);
        return found.get(0);
    }

    /** CRC-32C bit by bit from its polynomial, then the mask of TensorFlow's record format. */
    private static int masked(byte[] data) {
        int crc = crc32c(data);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    static int crc32c(byte[] data) {
        int crc = -1;
        for (byte each : data) {
            crc ^= each & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
