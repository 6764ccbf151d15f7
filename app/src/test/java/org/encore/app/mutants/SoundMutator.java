package org.encore.app.mutants;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Mutates files of music and sound behind their lengths and checksums, which stay right most of the time. */
final class SoundMutator {
    private static final int[] EXTREMES = {
        0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 31, 32, 64, 127, 128, 255, 256, 32767, 32768, 65534, 65535
    };
    private static final byte[][] EVENTS = {
        {(byte) 0xFF, 0x51, 3, 0, 0, 0},
        {(byte) 0xFF, 0x51, 3, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
        {(byte) 0xFF, 0x51, 3, 0, 0, 1},
        {(byte) 0xFF, 0x58, 4, 0, 0, 0, 0},
        {(byte) 0xFF, 0x58, 4, 1, (byte) 0xFF, 24, 8},
        {(byte) 0xFF, 0x2F, 0},
        {(byte) 0xFF, 0x59, 2, 127, 1},
        {(byte) 0xFF, 0x01, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F},
        {(byte) 0xF0, 3, 1, 2, (byte) 0xF7},
        {(byte) 0xF7, 0},
        {(byte) 0xC0, 127},
        {(byte) 0xB9, 0, 127},
        {(byte) 0xE0, 127, 127},
        {(byte) 0x90, 127, 127},
        {(byte) 0x90, 0, 1},
        {(byte) 0x99, 35, 100},
        {(byte) 0x90, 60, 0},
        {(byte) 0x80, 60, 0},
        {(byte) 0xFF, 0x00, 2, 0, 1},
        {(byte) 0xFF, 0x7F, 0},
        {(byte) 0xF8},
        {(byte) 0xFF, 0x54, 5, 23, 59, 59, 29, 99},
    };

    private final RandomGenerator random;

    SoundMutator(RandomGenerator random) {
        this.random = random;
    }

    private int extreme() {
        return random.nextInt(4) == 0 ? random.nextInt(65536) : EXTREMES[random.nextInt(EXTREMES.length)];
    }

    /** Some bytes changed, repeated, left out or put in, the first {@code from} left alone. */
    byte[] body(byte[] bytes, int from) {
        byte[] changed = bytes;
        for (int i = random.nextInt(3); i >= 0 && changed.length > from; i--) {
            int at = from + random.nextInt(changed.length - from);
            int length = Math.min(1 + random.nextInt(1 << random.nextInt(8)), changed.length - at);
            switch (random.nextInt(7)) {
                case 0 -> changed = splice(changed, at, length, new byte[0]);
                case 1 -> changed = splice(changed, at, 0, Arrays.copyOfRange(changed, at, at + length));
                case 2 -> changed = splice(changed, at, length, filled(length, random.nextBoolean() ? 0 : 0xFF));
                case 3 -> {
                    changed = changed.clone();
                    changed[at] ^= (byte) (1 << random.nextInt(8));
                }
                default -> {
                    byte[] noise = new byte[random.nextInt(3) == 0 ? length : 1];
                    random.nextBytes(noise);
                    changed = splice(changed, at, noise.length == 1 ? 1 : length, noise);
                }
            }
        }
        return changed;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
        return joined(Arrays.copyOf(bytes, at), inserted, Arrays.copyOfRange(bytes, at + removed, bytes.length));
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A name, a length and a content, as RIFF and MIDI have them. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Chunk(byte[] name, byte[] content) {}

    private static List<Chunk> chunks(byte[] bytes, int from, ByteOrder order) {
        List<Chunk> chunks = new ArrayList<>();
        int at = from;
        while (at + 8 <= bytes.length) {
            int length = ByteBuffer.wrap(bytes).order(order).getInt(at + 4);
            chunks.add(new Chunk(
                    Arrays.copyOfRange(bytes, at, at + 4), Arrays.copyOfRange(bytes, at + 8, at + 8 + length)));
            at += 8 + length + (order == ByteOrder.LITTLE_ENDIAN ? length % 2 : 0);
        }
        return chunks;
    }

    private byte[] written(List<Chunk> chunks, ByteOrder order) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Chunk chunk : chunks) {
            out.writeBytes(chunk.name);
            int length = random.nextInt(60) == 0 ? extreme() : chunk.content.length;
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(order)
                    .putInt(random.nextInt(200) == 0 ? -1 : length)
                    .array());
            out.writeBytes(chunk.content);
            if (order == ByteOrder.LITTLE_ENDIAN && chunk.content.length % 2 == 1) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    private void shuffle(List<Chunk> chunks) {
        int at = random.nextInt(chunks.size());
        switch (random.nextInt(12)) {
            case 0 -> chunks.remove(at);
            case 1 -> chunks.add(at, chunks.get(random.nextInt(chunks.size())));
            case 2 ->
                chunks.add(at, new Chunk("LIST".getBytes(StandardCharsets.US_ASCII), filled(random.nextInt(50), 0)));
            case 3 -> chunks.set(at, new Chunk(chunks.get(at).name, new byte[0]));
            default -> {}
        }
    }

    byte[] midi(byte[] bytes) {
        List<Chunk> chunks = chunks(bytes, 0, ByteOrder.BIG_ENDIAN);
        for (int i = random.nextInt(3); i >= 0 && !chunks.isEmpty(); i--) {
            int at = random.nextInt(chunks.size());
            Chunk chunk = chunks.get(at);
            byte[] content = chunk.content;
            if (chunk.name[2] == 'h' && content.length >= 6) {
                content = ByteBuffer.wrap(content.clone())
                        .putShort(2 * random.nextInt(3), (short) extreme())
                        .array();
            } else if (random.nextInt(3) == 0) {
                content = body(content, 0);
            } else {
                byte[] event = EVENTS[random.nextInt(EVENTS.length)];
                byte[] delta = random.nextInt(3) > 0
                        ? new byte[] {0}
                        : random.nextBoolean()
                                ? new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F}
                                : new byte[] {(byte) 0x87, 0x40};
                byte[] both = joined(delta, event);
                int times = random.nextInt(20) == 0 ? 20_000 : 1 + random.nextInt(3);
                byte[][] all = new byte[times][];
                Arrays.fill(all, both);
                content = splice(
                        content, random.nextInt(4) == 0 ? 0 : random.nextInt(content.length + 1), 0, joined(all));
            }
            chunks.set(at, new Chunk(chunk.name, content));
            shuffle(chunks);
        }
        return written(chunks, ByteOrder.BIG_ENDIAN);
    }

    byte[] wave(byte[] bytes) {
        List<Chunk> chunks = chunks(bytes, 12, ByteOrder.LITTLE_ENDIAN);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(chunks.size());
            Chunk chunk = chunks.get(at);
            byte[] content = chunk.content;
            if (chunk.name[0] == 'f' && content.length >= 16) {
                content = Arrays.copyOf(content, random.nextInt(5) == 0 ? 16 + random.nextInt(30) : content.length);
                ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
                switch (random.nextInt(6)) {
                    case 0 -> fields.putShort(0, new short[] {1, 2, 3, 6, 7, (short) 0xFFFE, 0, 85}[random.nextInt(8)]);
                    case 1 ->
                        fields.putInt(
                                4,
                                new int[] {0, 1, 7, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 192_001, 384_000}
                                        [random.nextInt(8)]);
                    default -> fields.putShort(new int[] {0, 2, 12, 14}[random.nextInt(4)], (short) extreme());
                }
            } else {
                content = body(content, 0);
            }
            chunks.set(at, new Chunk(chunk.name, content));
            shuffle(chunks);
            if (chunks.isEmpty()) {
                break;
            }
        }
        byte[] inside = written(chunks, ByteOrder.LITTLE_ENDIAN);
        return joined(
                "RIFF".getBytes(StandardCharsets.US_ASCII),
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(4 + inside.length)
                        .array(),
                (random.nextInt(40) == 0 ? "AVI " : "WAVE").getBytes(StandardCharsets.US_ASCII),
                inside);
    }

    /** Pages of Ogg with the right checksums. */
    byte[] ogg(byte[] bytes) {
        List<byte[]> pages = new ArrayList<>();
        for (int at = 0; at + 27 <= bytes.length; ) {
            int segments = bytes[at + 26] & 0xFF;
            int length = 27 + segments;
            for (int i = 0; i < segments; i++) {
                length += bytes[at + 27 + i] & 0xFF;
            }
            pages.add(Arrays.copyOfRange(bytes, at, Math.min(at + length, bytes.length)));
            at += length;
        }
        for (int i = random.nextInt(3); i >= 0 && !pages.isEmpty(); i--) {
            int at = random.nextInt(pages.size());
            byte[] page = pages.get(at).clone();
            int start = Math.min(27 + (page[26] & 0xFF), page.length);
            switch (random.nextInt(8)) {
                case 0 -> pages.remove(at);
                case 1 -> pages.add(at, page);
                case 2 -> page[5 + random.nextInt(21)] = (byte) extreme();
                case 3 -> page[26 + random.nextInt(start - 26)] = (byte) extreme();
                default -> {
                    for (int changes = 1 + random.nextInt(4); changes > 0 && page.length > start; changes--) {
                        // The first bytes decide more than the rest.
                        int most = random.nextBoolean() ? Math.min(60, page.length - start) : page.length - start;
                        page[start + random.nextInt(most)] =
                                (byte) (random.nextBoolean() ? extreme() : random.nextInt(256));
                    }
                }
            }
            if (at < pages.size()) {
                Arrays.fill(page, 22, 26, (byte) 0);
                ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putInt(22, (int)
                        remainder(page, 0, page.length, 32, 0x04C11DB7L));
                pages.set(at, page);
            }
        }
        return joined(pages.toArray(byte[][]::new));
    }

    private static long remainder(byte[] bytes, int from, int to, int width, long polynomial) {
        long value = 0;
        long mask = (1L << width) - 1;
        for (int i = from; i < to; i++) {
            value ^= (long) (bytes[i] & 0xFF) << (width - 8);
            for (int bit = 0; bit < 8; bit++) {
                value = ((value >>> (width - 1)) & 1) == 0 ? value << 1 : (value << 1) ^ polynomial;
            }
            value &= mask;
        }
        return value;
    }

    /** Frames of FLAC, and the blocks before them, with the right checksums. */
    byte[] flac(byte[] bytes) {
        int at = 4;
        boolean last = false;
        List<byte[]> parts = new ArrayList<>(List.of(Arrays.copyOf(bytes, 4)));
        while (!last) {
            int header = ByteBuffer.wrap(bytes).getInt(at);
            last = header < 0;
            byte[] block = Arrays.copyOfRange(bytes, at, at + 4 + (header & 0xFFFFFF));
            at += block.length;
            if (random.nextInt(4) == 0) {
                block[random.nextInt(random.nextBoolean() ? Math.min(40, block.length) : block.length)] =
                        (byte) extreme();
            }
            parts.add(block);
        }
        while (at < bytes.length) {
            int end = at + 1;
            while (end < bytes.length && !isFrame(bytes, end)) {
                end++;
            }
            byte[] frame = Arrays.copyOfRange(bytes, at, end);
            if (random.nextInt(3) == 0) {
                frame = frame(frame);
            }
            parts.add(frame);
            if (random.nextInt(20) == 0) {
                parts.add(frame);
            }
            at = end;
        }
        return joined(parts.toArray(byte[][]::new));
    }

    private static boolean isFrame(byte[] bytes, int at) {
        return at + 6 < bytes.length
                && bytes[at] == (byte) 0xFF
                && (bytes[at + 1] & 0xFE) == 0xF8
                && headerEnd(bytes, at) > 0;
    }

    /** Where the checksum of a header stands; 0 if there is no header. */
    private static int headerEnd(byte[] bytes, int at) {
        for (int end = at + 5; end < Math.min(at + 16, bytes.length); end++) {
            if (remainder(bytes, at, end, 8, 0x07) == (bytes[end] & 0xFF)) {
                return end;
            }
        }
        return 0;
    }

    private byte[] frame(byte[] original) {
        byte[] frame = original;
        int header = headerEnd(frame, 0);
        if (header == 0) {
            return frame;
        }
        if (random.nextInt(3) == 0) {
            frame = frame.clone();
            frame[2 + random.nextInt(header - 2)] = (byte) random.nextInt(256);
        } else if (random.nextBoolean()) {
            // The beginning of the first channel: its kind, its order, its first samples.
            frame = frame.clone();
            frame[header + 1 + random.nextInt(Math.min(8, frame.length - header - 1))] = (byte) random.nextInt(256);
        } else {
            frame = body(frame, header + 1);
        }
        frame[header] = (byte) remainder(frame, 0, header, 8, 0x07);
        if (frame.length >= header + 3) {
            int sum = (int) remainder(frame, 0, frame.length - 2, 16, 0x8005);
            frame[frame.length - 2] = (byte) (sum >> 8);
            frame[frame.length - 1] = (byte) sum;
        }
        return frame;
    }

    /** Frames of MPEG, whose headers are mostly left alone, and tags before them. */
    byte[] mp3(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length);
            while (at > 0
                    && !(changed[at] == (byte) 0xFF && at + 1 < changed.length && (changed[at + 1] & 0xE0) == 0xE0)) {
                at--;
            }
            int place = at + (random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 4 + random.nextInt(36));
            if (place < changed.length) {
                changed[place] = (byte) random.nextInt(256);
            }
        }
        if (random.nextInt(8) == 0) {
            changed = body(changed, 0);
        }
        if (random.nextInt(8) == 0) {
            byte[] tag = {
                'I',
                'D',
                '3',
                4,
                0,
                (byte) extreme(),
                (byte) random.nextInt(3),
                (byte) random.nextInt(128),
                0,
                (byte) random.nextInt(128)
            };
            changed = joined(tag, changed);
        }
        return changed;
    }
}
