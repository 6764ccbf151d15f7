package org.encore.music.midi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.music.midi.MidiParser.MidiEvents.KeyPress;
import org.encore.music.midi.MidiParser.MidiEvents.Program;
import org.encore.music.midi.MidiParser.MidiEvents.Tempo;
import org.encore.music.midi.MidiParser.MidiEvents.TimeSignature;

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

    /** The content of the chunk whose length comes next; the buffer moves past it. */
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

    /** The events of a MIDI file that are kept, in file order. */
    static final class MidiEvents {
        /** Pulses a quarter note. */
        final int resolution;

        final List<KeyPress> presses = new ArrayList<>();
        final List<Tempo> tempos = new ArrayList<>();
        final List<TimeSignature> timeSignatures = new ArrayList<>();
        final List<Program> programs = new ArrayList<>();

        MidiEvents(int resolution) {
            this.resolution = resolution;
        }

        /**
         * A note.
         *
         * @param on pulse at which the key goes down
         * @param off pulse at which it comes up
         * @param program the last program change of the same channel in the same track; its pulse is -1 if there is none
         */
        record KeyPress(long on, long off, int key, int velocity, Program program) {
            KeyPress released(long pulse) {
                return new KeyPress(on, pulse, key, velocity, program);
            }
        }

        record Tempo(long pulse, int microsecondsPerQuarter) {}

        /** A time signature whose unit is 2 to the power of {@code unitPower}. */
        record TimeSignature(long pulse, int beats, int unitPower) {}

        record Program(long pulse, int track, int channel, int program) {}

        /** Fails if the file holds too many events. */
        void requireReasonableSize() throws MalformedMidiException {
            if (presses.size() > MidiFiles.MAX_NOTES) {
                throw new MalformedMidiException("has more than " + MidiFiles.MAX_NOTES + " notes");
            }
            if (tempos.size() + timeSignatures.size() + programs.size() > MidiFiles.MAX_NOTES) {
                throw new MalformedMidiException(
                        "has more than " + MidiFiles.MAX_NOTES + " changes of tempo, time signature or program");
            }
        }
    }

    /** Reads the events of one track into {@link MidiEvents}; allocates nothing whose size the file dictates. */
    static final class TrackParser {
        private static final int CHANNELS = 16;

        private final ByteBuffer bytes;
        private final int track;
        private final MidiEvents events;

        /** Places in the list of presses of the keys that are down, oldest first; by channel and key. */
        private final Map<Integer, ArrayDeque<Integer>> down = new HashMap<>();

        private final Program[] programs = new Program[CHANNELS];
        private long pulse;
        private int runningStatus;
        private boolean ended;

        TrackParser(ByteBuffer content, int track, MidiEvents events) {
            this.bytes = content;
            this.track = track;
            this.events = events;
            for (int channel = 0; channel < CHANNELS; channel++) {
                programs[channel] = new Program(-1, track, channel, 0);
            }
        }

        void parse() throws MalformedMidiException {
            while (!ended && bytes.hasRemaining()) {
                pulse += variableLength();
                int status = status();
                switch (status) {
                    case 0xFF -> meta();
                    case 0xF0, 0xF7 -> skip(variableLength());
                    default -> channelEvent(status);
                }
                events.requireReasonableSize();
            }
            for (ArrayDeque<Integer> presses : down.values()) {
                presses.forEach(this::release);
            }
        }

        private int status() throws MalformedMidiException {
            int status = next();
            if (status >= 0x80) {
                return status;
            }
            if (runningStatus == 0) {
                throw broken("data where an event should begin");
            }
            bytes.position(bytes.position() - 1);
            return runningStatus;
        }

        private void channelEvent(int status) throws MalformedMidiException {
            if (status > 0xF0) {
                throw broken("the status " + Integer.toHexString(status) + ", which has no place in a file");
            }
            runningStatus = status;
            int channel = status & 0x0F;
            int kind = status >> 4;
            int first = data();
            // Program changes and channel pressure have one byte of data, all others two.
            int second = kind == 0xC || kind == 0xD ? 0 : data();
            switch (kind) {
                case 0x8 -> keyUp(channel, first);
                case 0x9 -> keyDown(channel, first, second);
                case 0xC -> changeProgram(channel, first);
                default -> {}
            }
        }

        private void keyDown(int channel, int key, int velocity) {
            if (velocity == 0) {
                keyUp(channel, key);
                return;
            }
            down.computeIfAbsent((channel << 7) | key, k -> new ArrayDeque<>()).add(events.presses.size());
            events.presses.add(new KeyPress(pulse, pulse, key, velocity, programs[channel]));
        }

        private void keyUp(int channel, int key) {
            ArrayDeque<Integer> presses = down.get((channel << 7) | key);
            if (presses != null && !presses.isEmpty()) {
                release(presses.remove());
            }
        }

        private void release(int press) {
            events.presses.set(press, events.presses.get(press).released(pulse));
        }

        private void changeProgram(int channel, int program) {
            programs[channel] = new Program(pulse, track, channel, program);
            events.programs.add(programs[channel]);
        }

        private void meta() throws MalformedMidiException {
            int type = next();
            int length = variableLength();
            int start = bytes.position();
            skip(length);
            if (type == 0x51 && length == 3) {
                events.tempos.add(new Tempo(pulse, bytes.getInt(start - 1) & 0xFFFFFF));
            } else if (type == 0x58 && length >= 2) {
                events.timeSignatures.add(
                        new TimeSignature(pulse, bytes.get(start) & 0xFF, bytes.get(start + 1) & 0xFF));
            } else if (type == 0x2F) {
                ended = true;
            }
        }

        private void skip(int length) throws MalformedMidiException {
            if (length > bytes.remaining()) {
                throw broken("an event of " + length + " bytes, but its track has only " + bytes.remaining() + " more");
            }
            bytes.position(bytes.position() + length);
        }

        /** A number of seven bits a byte, at most four bytes. */
        private int variableLength() throws MalformedMidiException {
            int value = 0;
            for (int i = 0; i < 4; i++) {
                int b = next();
                value = (value << 7) | (b & 0x7F);
                if (b < 0x80) {
                    return value;
                }
            }
            throw broken("a number of more than four bytes");
        }

        private int data() throws MalformedMidiException {
            int value = next();
            if (value >= 0x80) {
                throw broken("the status " + Integer.toHexString(value) + " where data should be");
            }
            return value;
        }

        private int next() throws MalformedMidiException {
            if (!bytes.hasRemaining()) {
                throw new MalformedMidiException(
                        "is damaged: track " + (track + 1) + " ends in the middle of an event");
            }
            return bytes.get() & 0xFF;
        }

        private MalformedMidiException broken(String what) {
            return new MalformedMidiException(
                    "is damaged: track " + (track + 1) + " has, before byte " + bytes.position() + ", " + what);
        }
    }

    /** The problem of a MIDI file, without its name. */
    static final class MalformedMidiException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedMidiException(String problem) {
            super(problem);
        }
    }
}
