package org.encore.trainer.runs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes one protocol buffer message, field by field.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class ProtoMessage {
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
