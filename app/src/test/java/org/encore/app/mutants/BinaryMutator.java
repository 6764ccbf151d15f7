package org.encore.app.mutants;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Mutates safetensors files by their headers, ONNX graphs by their fields and databases by their rows. */
final class BinaryMutator {
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        10,
        11,
        16,
        127,
        128,
        255,
        65536,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 40,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };
    private static final List<String> TABLES =
            List.of("settings", "sessions", "clips", "pairs", "raters", "judgements");
    private static final List<String> COLUMNS = List.of(
            "value",
            "name",
            "created_ms",
            "path",
            "sha256",
            "system",
            "session_id",
            "prompt",
            "clip_a",
            "clip_b",
            "token_hash",
            "joined_ms",
            "ballot",
            "pair_id",
            "rater_id",
            "preferred",
            "listened_a_s",
            "shown_first",
            "judged_ms",
            "recorded_ms",
            "rating_a",
            "id");
    private static final List<String> CELLS = List.of(
            "''",
            "NULL",
            "0",
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "1e999",
            "-1e999",
            "'x'",
            "x''",
            "x'00ff'",
            "'\u0000'",
            "char(0)",
            "'a' || char(10) || 'b'",
            "'../../x'",
            "'/'",
            "hex(zeroblob(32))",
            "zeroblob(40000)",
            "'both_bad'",
            "'A'",
            "'skip'",
            "0.5",
            "id + 1");

    private final RandomGenerator random;
    private final SoundMutator bytes;

    BinaryMutator(RandomGenerator random) {
        this.random = random;
        this.bytes = new SoundMutator(random);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A file with a header of the right length: a mutant, or the old one before other numbers. */
    byte[] safetensors(byte[] file) {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Arrays.copyOfRange(file, 8, 8 + length);
        byte[] numbers = Arrays.copyOfRange(file, 8 + length, file.length);
        switch (random.nextInt(5)) {
            case 0 -> {
                ByteBuffer view = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < 3; i++) {
                    view.putShort(
                            random.nextInt(numbers.length / 2) * 2,
                            new short[] {0x7FC0, 0x7F80, (short) 0xFF80, 0x7E00, 1}[random.nextInt(5)]);
                }
            }
            case 1 -> numbers = Arrays.copyOf(numbers, Math.max(0, numbers.length + random.nextInt(9) - 4));
            default -> header = new TextMutator(random).json(new String(header, StandardCharsets.UTF_8));
        }
        long said = random.nextInt(40) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : header.length;
        return SoundMutator.joined(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(said)
                        .array(),
                header,
                numbers);
    }

    /** One field of a message: its key and, by the kind of the key, a number or bytes. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Field(long key, long number, byte[] content) {}

    private static long[] varint(byte[] bytes, int from) {
        long value = 0;
        int at = from;
        for (int shift = 0; at < bytes.length && shift < 64; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return new long[] {value, at};
            }
        }
        return new long[] {value, -1};
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** The fields of a message; empty if the bytes are none. */
    private static List<Field> fields(byte[] message) {
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < message.length) {
            long[] key = varint(message, at);
            if (key[1] < 0 || key[0] >>> 3 == 0 || key[0] >>> 3 > 40 || ((key[0] & 7) != 0 && (key[0] & 7) != 2)) {
                return List.of();
            }
            long[] number = varint(message, (int) key[1]);
            if (number[1] < 0) {
                return List.of();
            }
            at = (int) number[1];
            byte[] content = new byte[0];
            if ((key[0] & 7) == 2) {
                if (number[0] < 0 || number[0] > message.length - at) {
                    return List.of();
                }
                content = Arrays.copyOfRange(message, at, at + (int) number[0]);
                at += (int) number[0];
            }
            fields.add(new Field(key[0], number[0], content));
        }
        return fields;
    }

    /** A graph, all lengths right: fields changed, repeated, left out, exchanged or moved into others. */
    byte[] onnx(byte[] message) {
        List<Field> fields = new ArrayList<>(fields(message));
        if (fields.isEmpty()) {
            return random.nextInt(3) == 0 ? new byte[0] : bytes.body(message, 0);
        }
        int at = random.nextInt(fields.size());
        Field field = fields.get(at);
        switch (random.nextInt(10)) {
            case 0 -> fields.remove(at);
            case 1 -> fields.add(at, field);
            case 2 ->
                fields.set(
                        at,
                        new Field((long) (1 + random.nextInt(20)) << 3 | (field.key & 7), field.number, field.content));
            case 3 ->
                fields.set(at, new Field(field.key, field.number, fields.get(random.nextInt(fields.size())).content));
            default ->
                fields.set(
                        at,
                        (field.key & 7) == 0
                                ? new Field(field.key, NUMBERS[random.nextInt(NUMBERS.length)], field.content)
                                : new Field(field.key, 0, onnx(field.content)));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field each : fields) {
            varint(out, each.key);
            varint(out, (each.key & 7) == 0 ? each.number : each.content.length);
            out.writeBytes(each.content);
        }
        return out.toByteArray();
    }

    /** Changes rows, tables or the marks of a database, as any program may that opens it. */
    void database(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute("PRAGMA ignore_check_constraints = ON");
            statement.execute("PRAGMA synchronous = OFF");
            for (String table : TABLES) {
                for (String trigger : List.of("_keep", "_stay", "_add")) {
                    statement.execute("DROP TRIGGER IF EXISTS " + table + trigger);
                }
            }
            for (int i = random.nextInt(3); i >= 0; i--) {
                execute(statement, change());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String change() {
        String table = any(TABLES);
        String column = any(COLUMNS);
        return switch (random.nextInt(16)) {
            case 0 -> "DROP TABLE " + table;
            case 1 -> "ALTER TABLE " + table + " DROP COLUMN " + column;
            case 2 -> "ALTER TABLE " + table + " RENAME COLUMN " + column + " TO other";
            case 3 -> "DELETE FROM " + table;
            case 4 -> "PRAGMA user_version = " + any(List.of("0", "1", "3", "-1", "2147483647"));
            case 5 -> "PRAGMA application_id = " + random.nextInt();
            case 6 -> "CREATE TABLE extra AS SELECT * FROM " + table;
            // A table without types, as older programs make them: every value passes.
            case 7, 8, 9 ->
                "CREATE TABLE free AS SELECT * FROM " + table + "; DROP TABLE " + table
                        + "; ALTER TABLE free RENAME TO " + table + "; UPDATE " + table + " SET " + column + " = "
                        + any(CELLS);
            default ->
                "UPDATE " + table + " SET " + column + " = " + any(CELLS)
                        + (random.nextBoolean() ? "" : " WHERE id % 2");
        };
    }

    /** Not every change fits every table. */
    private static void execute(Statement statement, String changes) {
        for (String change : changes.split("; ", -1)) {
            try {
                statement.execute(change);
            } catch (SQLException misfit) {
                return;
            }
        }
    }
}
