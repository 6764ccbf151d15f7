package org.encore.music.midi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MetaMessage;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.MidiMessage;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.ShortMessage;
import javax.sound.midi.Track;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Converts a piece to a MIDI sequence: a track for tempo and metre, then one for each voice of each instrument. */
final class SequenceAssembly {
    private static final int MAX_TRACKS = 4000;
    private static final int MELODIC_CHANNELS = 15;
    private static final int PERCUSSION_CHANNEL = 9;

    /** 480 pulses a quarter note, which most programs expect. */
    private static final int PULSES_PER_TICK = 40;

    private SequenceAssembly() {}

    static byte[] bytes(Piece piece) {
        requireWritable(piece);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            MidiSystem.write(sequence(piece), 1, out);
        } catch (InvalidMidiDataException e) {
            throw new AssertionError("every note fits into MIDI messages", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void requireWritable(Piece piece) {
        if (piece.notes().size() > MidiFiles.MAX_NOTES) {
            throw new IllegalArgumentException(
                    "the piece has " + piece.notes().size() + " notes, but may have at most " + MidiFiles.MAX_NOTES);
        }
        for (Note note : piece.notes()) {
            if ((long) note.onset() + note.duration() > MidiFiles.MAX_TICKS) {
                throw new IllegalArgumentException("a note ends at tick " + ((long) note.onset() + note.duration())
                        + ", but the last allowed is " + MidiFiles.MAX_TICKS);
            }
        }
    }

    private static Sequence sequence(Piece piece) throws InvalidMidiDataException {
        Sequence sequence = new Sequence(Sequence.PPQ, PULSES_PER_TICK * Piece.TICKS_PER_QUARTER);
        Track conductor = sequence.createTrack();
        conductor.add(new MidiEvent(tempo(piece.tempoBpm()), 0));
        conductor.add(new MidiEvent(timeSignature(piece.meter()), 0));
        Map<Instrument, List<List<Note>>> voices = voices(piece);
        long melodic = voices.keySet().stream().filter(i -> !i.isDrums()).count();
        int place = 0;
        for (Map.Entry<Instrument, List<List<Note>>> entry : voices.entrySet()) {
            int channel = entry.getKey().isDrums() ? PERCUSSION_CHANNEL : melodicChannel(place++);
            for (List<Note> voice : entry.getValue()) {
                Track track = sequence.createTrack();
                track.add(new MidiEvent(name(entry.getKey()), 0));
                addVoice(track, voice, channel, melodic > MELODIC_CHANNELS);
            }
        }
        return sequence;
    }

    /** The notes of each instrument, divided so that no two notes of a voice overlap on a key. */
    private static Map<Instrument, List<List<Note>>> voices(Piece piece) {
        Map<Instrument, List<List<Note>>> voices = new TreeMap<>(Comparator.comparingInt(Instrument::program));
        Map<Note, List<Integer>> endsByKey = new HashMap<>();
        int tracks = 0;
        for (Note note : piece.notes()) {
            List<List<Note>> own = voices.computeIfAbsent(note.instrument(), i -> new ArrayList<>());
            List<Integer> ends = endsByKey.computeIfAbsent(keyOf(note), k -> new ArrayList<>());
            int voice = 0;
            while (voice < ends.size() && ends.get(voice) > note.onset()) {
                voice++;
            }
            if (voice == ends.size()) {
                ends.add(0);
            }
            if (voice == own.size()) {
                own.add(new ArrayList<>());
                tracks++;
            }
            if (tracks > MAX_TRACKS) {
                throw new IllegalArgumentException(
                        "the piece has more than " + MAX_TRACKS + " notes of the same key at once");
            }
            ends.set(voice, note.end());
            own.get(voice).add(note);
        }
        return voices;
    }

    private static Note keyOf(Note note) {
        return new Note(note.instrument(), 0, 1, note.pitch(), 1);
    }

    private static int melodicChannel(int place) {
        int channel = place % MELODIC_CHANNELS;
        return channel < PERCUSSION_CHANNEL ? channel : channel + 1;
    }

    /** Adds releases before presses where they meet, so that a repeated note is two notes. */
    private static void addVoice(Track track, List<Note> voice, int channel, boolean channelIsShared)
            throws InvalidMidiDataException {
        List<MidiEvent> releases = new ArrayList<>();
        List<MidiEvent> presses = new ArrayList<>();
        long programSince = -1;
        for (Note note : voice) {
            long on = (long) PULSES_PER_TICK * note.onset();
            boolean isFirst = programSince < 0;
            if (!note.instrument().isDrums() && (isFirst || (channelIsShared && programSince != on))) {
                programSince = on;
                int program = note.instrument().program();
                presses.add(event(new ShortMessage(ShortMessage.PROGRAM_CHANGE, channel, program, 0), on));
            }
            presses.add(event(new ShortMessage(ShortMessage.NOTE_ON, channel, note.pitch(), note.velocity()), on));
            long off = (long) PULSES_PER_TICK * note.end();
            releases.add(event(new ShortMessage(ShortMessage.NOTE_OFF, channel, note.pitch(), 64), off));
        }
        // The sort keeps the order of equals, and so releases before presses.
        List<MidiEvent> all = new ArrayList<>(releases);
        all.addAll(presses);
        all.sort(Comparator.comparingLong(MidiEvent::getTick));
        all.forEach(track::add);
    }

    private static MidiEvent event(MidiMessage message, long pulse) {
        return new MidiEvent(message, pulse);
    }

    private static MetaMessage tempo(int bpm) throws InvalidMidiDataException {
        int microseconds = (int) Math.round(60e6 / bpm);
        byte[] content = {(byte) (microseconds >> 16), (byte) (microseconds >> 8), (byte) microseconds};
        return new MetaMessage(0x51, content, content.length);
    }

    /** Beats, the unit as a power of two, 24 MIDI clocks a metronome click, 8 thirty-seconds a quarter note. */
    private static MetaMessage timeSignature(Meter meter) throws InvalidMidiDataException {
        byte[] content = {(byte) meter.beats(), (byte) Integer.numberOfTrailingZeros(meter.unit()), 24, 8};
        return new MetaMessage(0x58, content, content.length);
    }

    private static MetaMessage name(Instrument instrument) throws InvalidMidiDataException {
        byte[] content = instrument.name().getBytes(StandardCharsets.US_ASCII);
        return new MetaMessage(0x03, content, content.length);
    }
}
