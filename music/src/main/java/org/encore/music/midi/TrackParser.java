package org.encore.music.midi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.encore.music.midi.MidiEvents.KeyPress;
import org.encore.music.midi.MidiEvents.Program;
import org.encore.music.midi.MidiEvents.Tempo;
import org.encore.music.midi.MidiEvents.TimeSignature;

/** Reads the events of one track into {@link MidiEvents}; allocates nothing whose size the file dictates. */
final class TrackParser {
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
            events.timeSignatures.add(new TimeSignature(pulse, bytes.get(start) & 0xFF, bytes.get(start + 1) & 0xFF));
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
            throw new MalformedMidiException("is damaged: track " + (track + 1) + " ends in the middle of an event");
        }
        return bytes.get() & 0xFF;
    }

    private MalformedMidiException broken(String what) {
        return new MalformedMidiException(
                "is damaged: track " + (track + 1) + " has, before byte " + bytes.position() + ", " + what);
    }
}
