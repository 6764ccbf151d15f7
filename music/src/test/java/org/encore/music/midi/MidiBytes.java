package org.encore.music.midi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds MIDI files byte by byte, valid or damaged. */
final class MidiBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] file(int format, int division, byte[]... tracks) {
        MidiBytes file = new MidiBytes();
        file.chunk(
                "MThd",
                ByteBuffer.allocate(6)
                        .putShort((short) format)
                        .putShort((short) tracks.length)
                        .putShort((short) division)
                        .array());
        for (byte[] track : tracks) {
            file.chunk("MTrk", track);
        }
        return file.out.toByteArray();
    }

    /** Bytes of a track, given as numbers so that 0x90 needs no cast. */
    static byte[] track(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private void chunk(String type, byte[] content) {
        out.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(content);
    }
}
