package org.encore.music.midi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Splits a MIDI file into header and tracks (Standard MIDI Files 1.0, MIDI Manufacturers Association 1996). */
final class MidiParser {
    private static final int HEADER = chunk("MThd");
    private static final int TRACK = chunk("MTrk");

    private MidiParser() {}

    static MidiEvents parse(byte[] file) throws MalformedMidiException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length < 14 || bytes.getInt() != HEADER) {
            throw new MalformedMidiException("is not a MIDI file: it does not begin with an MThd header");
        }
        int headerLength = bytes.getInt();
        if (headerLength < 6 || headerLength > bytes.remaining()) {
            throw new MalformedMidiException("has a header of " + Integer.toUnsignedLong(headerLength)
                    + " bytes, but a MIDI header has 6 and the file " + file.length);
        }
        int format = Short.toUnsignedInt(bytes.getShort());
        int tracks = Short.toUnsignedInt(bytes.getShort());
        MidiEvents events = new MidiEvents(resolution(bytes.getShort()));
        if (format > 1) {
            throw new MalformedMidiException("has MIDI format " + format + ", but only 0 and 1 can be read");
        }
        bytes.position(8 + headerLength);
        for (int track = 0; track < tracks; ) {
            if (bytes.remaining() < 8) {
                throw new MalformedMidiException("is cut off: it ends after " + track + " of " + tracks + " tracks");
            }
            int type = bytes.getInt();
            ByteBuffer content = content(bytes);
            if (type == TRACK) {
                new TrackParser(content, track, events).parse();
                track++;
            }
        }
        return events;
    }

    /** The part of the buffer that belongs to the chunk whose length comes next; the buffer moves behind it. */
    private static ByteBuffer content(ByteBuffer bytes) throws MalformedMidiException {
        long length = Integer.toUnsignedLong(bytes.getInt());
        if (length > bytes.remaining()) {
            throw new MalformedMidiException("is cut off: the chunk at byte " + (bytes.position() - 8) + " claims "
                    + length + " bytes, but only " + bytes.remaining() + " follow");
        }
        int end = bytes.position() + (int) length;
        ByteBuffer content = bytes.duplicate().limit(end);
        bytes.position(end);
        return content;
    }

    private static int resolution(short division) throws MalformedMidiException {
        if (division < 0) {
            throw new MalformedMidiException(
                    "counts time in film frames (SMPTE), but only pulses per quarter note can be read");
        }
        if (division == 0) {
            throw new MalformedMidiException("has 0 pulses per quarter note, but needs at least 1");
        }
        return division;
    }

    private static int chunk(String name) {
        return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getInt();
    }
}
