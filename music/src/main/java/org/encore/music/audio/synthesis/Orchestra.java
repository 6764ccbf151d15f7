package org.encore.music.audio.synthesis;

import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.audio.synthesis.VoiceRenderer.Tone;

/**
 * All instruments of General MIDI and the room they play in, at one sample rate.
 *
 * <p>Safe to use from several threads; what it keeps are tables that do not depend on what was played before.
 */
public final class Orchestra {
    /** The shortest a key is held, in seconds, so that the shortest notes still speak. */
    private static final double SHORTEST_SECONDS = 0.04;

    /** Puts a typical piece at a root mean square of about -20 dB of full scale. */
    private static final float LEVEL = 0.095f;

    private final int sampleRate;
    private final VoiceRenderer voices;
    private final DrumKit drums;
    private final Room room;

    /** Assembles the orchestra for a sample rate in samples a second. */
    public Orchestra(int sampleRate) {
        this.sampleRate = sampleRate;
        voices = new VoiceRenderer(sampleRate);
        drums = new DrumKit(sampleRate);
        room = new Room(sampleRate);
    }

    /**
     * Plays notes.
     *
     * @param notes what to play; onsets and durations in ticks
     * @param secondsPerTick length of a tick
     * @param length how many samples to return; what sounds longer is faded out
     * @return samples in [-1, 1]
     */
    public float[] play(Iterable<Note> notes, double secondsPerTick, int length) {
        float[] buffer = new float[length];
        for (Note note : notes) {
            long onset = Math.round(note.onset() * secondsPerTick * sampleRate);
            if (onset >= length) {
                continue;
            }
            int start = (int) onset;
            if (note.instrument().isDrums()) {
                drums.add(buffer, start, note.pitch(), note.velocity());
            } else {
                double seconds = Math.max(SHORTEST_SECONDS, note.duration() * secondsPerTick);
                int held = (int) Math.min(length, Math.round(seconds * sampleRate));
                voices.add(buffer, timbre(note.instrument()), new Tone(start, held, note.pitch(), note.velocity()));
            }
        }
        for (int i = 0; i < length; i++) {
            buffer[i] *= LEVEL;
        }
        room.add(buffer);
        fadeOut(buffer);
        Limiter.apply(buffer, sampleRate);
        return buffer;
    }

    private static Timbre timbre(Instrument instrument) {
        return Timbres.of(instrument.program());
    }

    /** The last tenth of a second goes down to nothing. */
    private void fadeOut(float[] buffer) {
        int fade = Math.min(buffer.length, sampleRate / 10);
        for (int i = 0; i < fade; i++) {
            buffer[buffer.length - 1 - i] *= (float) i / fade;
        }
    }
}
