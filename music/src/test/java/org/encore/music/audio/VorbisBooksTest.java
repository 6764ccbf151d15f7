package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class VorbisBooksTest {
    private final BitSet bits = new BitSet();
    private int length;

    private void write(long value, int width) {
        for (int i = 0; i < width; i++) {
            bits.set(length + i, (value >>> i & 1) == 1);
        }
        length += width;
    }

    /** A setup header with one book of two entries and a table of the first kind. */
    private boolean isSound(int dimensions) {
        bits.clear();
        length = 0;
        write(5, 56); // the kind of the packet, and the word that nobody reads again
        write(0, 8);
        write(0x564342, 24);
        write(dimensions, 16);
        write(2, 24);
        write(0, 2);
        write(0, 10);
        write(1, 4);
        write(0, 64);
        write(0, 5);
        write(0, 64);
        byte[] packet = new byte[length / 8];
        byte[] written = bits.toByteArray();
        System.arraycopy(written, 0, packet, 0, Math.min(written.length, packet.length));
        return VorbisBooks.areSound(packet, 0, packet.length);
    }

    /** With 31 dimensions no power passes the number of entries in 32 bits, and the library would count for ever. */
    @Test
    void sizesThatTheLibraryNeverEndsOnAreFound() {
        assertTrue(isSound(1));
        assertTrue(isSound(30));
        assertFalse(isSound(31));
        assertFalse(isSound(0));
    }
}
