package org.encore.music.audio;

/**
 * Reads the codebooks of a Vorbis setup header as far as it takes to tell whether the library can: some sizes, which no
 * encoder writes, keep it in an endless loop.
 *
 * @see <a href="https://xiph.org/vorbis/doc/Vorbis_I_spec.html">Vorbis I specification</a>, section 3.2.1
 */
final class VorbisBooks {
    private static final int HEADER_BITS = 7 * Byte.SIZE;
    private static final int SYNC = 0x564342;

    private final byte[] bytes;
    private final long end;
    private long bit;
    private boolean sound = true;

    private VorbisBooks(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.bit = 8L * from + HEADER_BITS;
        this.end = 8L * (from + length);
    }

    /** Whether the codebooks of a packet are whole and of sizes that the library can read. */
    static boolean areSound(byte[] bytes, int from, int length) {
        VorbisBooks books = new VorbisBooks(bytes, from, length);
        int count = books.read(8) + 1;
        for (int i = 0; i < count && books.sound; i++) {
            books.readBook();
        }
        return books.sound;
    }

    private void readBook() {
        boolean begins = read(24) == SYNC;
        int dimensions = read(16);
        int entries = read(24);
        sound &= begins && dimensions > 0 && entries > 0;
        if (read(1) == 1) {
            readOrderedLengths(entries);
        } else {
            readLengths(entries);
        }
        int kind = read(4);
        if (kind == 0 || !sound) {
            return;
        }
        skip(64);
        int width = read(4) + 1;
        skip(1);
        if (kind == 1) {
            double values = Math.floor(Math.pow(entries, 1.0 / dimensions) + 1e-9);
            // The library multiplies in 32 bits, and goes on until a product passes the number of entries.
            sound &= Math.pow(values + 1, dimensions) <= Integer.MAX_VALUE;
            skip(((long) values) * width);
        } else {
            sound &= kind == 2;
            skip((long) entries * dimensions * width);
        }
    }

    private void readOrderedLengths(int entries) {
        skip(5);
        for (int i = 0; i < entries && sound; ) {
            int run = read(Integer.SIZE - Integer.numberOfLeadingZeros(entries - i));
            // An empty run is allowed, but lengths end at 32: each takes bits, which end some time.
            i += run;
        }
    }

    private void readLengths(int entries) {
        boolean sparse = read(1) == 1;
        for (int i = 0; i < entries && sound; i++) {
            if (!sparse || read(1) == 1) {
                skip(5);
            }
        }
    }

    private void skip(long bits) {
        bit += bits;
        sound &= bit <= end;
    }

    private int read(int bits) {
        int value = 0;
        long from = bit;
        skip(bits);
        for (int i = 0; i < bits && sound; i++) {
            long at = from + i;
            value |= (bytes[(int) (at / 8)] >>> (at % 8) & 1) << i;
        }
        return value;
    }
}
