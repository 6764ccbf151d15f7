package org.encore.music.audio.synthesis;

import java.util.Arrays;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.audio.synthesis.VoiceRenderer.Filters;
import org.encore.music.audio.synthesis.VoiceRenderer.Tone;

/**
 * All instruments of General MIDI with reverberation and a limiter, at one sample rate.
 *
 * <p>Safe to use from several threads: it keeps only tables that do not depend on earlier calls.
 */
public final class Orchestra {
    /** The shortest a key is held, in seconds, so that the shortest notes are audible. */
    private static final double SHORTEST_SECONDS = 0.04;

    /** Puts a typical piece at a root mean square of about -20 dB of full scale. */
    private static final float LEVEL = 0.095f;

    private final int sampleRate;
    private final VoiceRenderer voices;
    private final DrumKit drums;
    private final Reverb room;

    /** Prepares the instruments for a sample rate in samples a second. */
    public Orchestra(int sampleRate) {
        this.sampleRate = sampleRate;
        voices = new VoiceRenderer(sampleRate);
        drums = new DrumKit(sampleRate);
        room = new Reverb(sampleRate);
    }

    /**
     * Plays notes.
     *
     * @param notes the notes; onsets and durations in ticks
     * @param secondsPerTick length of a tick
     * @param length how many samples to return; longer sounds fade out
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

    private static Patch timbre(Instrument instrument) {
        return Patches.of(instrument.program());
    }

    /** Fades out the last tenth of a second. */
    private void fadeOut(float[] buffer) {
        int fade = Math.min(buffer.length, sampleRate / 10);
        for (int i = 0; i < fade; i++) {
            buffer[buffer.length - 1 - i] *= (float) i / fade;
        }
    }

    /**
     * Turns the volume down around peaks slowly enough to be inaudible, and removes frequencies too low to be audible.
     *
     * <p>The gain is a line through points {@value #BLOCK} samples apart. A point is no higher than both blocks beside it
     * allow, so no sample passes the ceiling; before peaks it falls slowly, after them it rises more slowly.
     */
    static final class Limiter {
        private static final int BLOCK = 128;
        private static final float CEILING = 0.97f;

        /** Largest change of gain per block before and after a peak. */
        private static final float FALL = 0.12f;

        private static final float RISE = 0.012f;

        private static final double LOWEST_HERTZ = 24.0;

        private Limiter() {}

        /** Brings the buffer into [-1, 1] in place. */
        static void apply(float[] buffer, int sampleRate) {
            removeOffset(buffer, (float) Filters.onePoleFactor(LOWEST_HERTZ, sampleRate));
            float[] gains = allowed(buffer);
            for (int k = 1; k < gains.length; k++) {
                gains[k] = Math.min(gains[k], gains[k - 1] + RISE);
            }
            for (int k = gains.length - 2; k >= 0; k--) {
                gains[k] = Math.min(gains[k], gains[k + 1] + FALL);
            }
            for (int i = 0; i < buffer.length; i++) {
                int block = i / BLOCK;
                float part = (float) (i % BLOCK) / BLOCK;
                buffer[i] *= gains[block] + part * (gains[block + 1] - gains[block]);
            }
        }

        /** For each border of blocks the highest gain that suits the blocks on both sides. */
        private static float[] allowed(float[] buffer) {
            int blocks = (buffer.length + BLOCK - 1) / BLOCK;
            float[] gains = new float[blocks + 1];
            Arrays.fill(gains, 1.0f);
            for (int block = 0; block < blocks; block++) {
                float peak = 0.0f;
                for (int i = block * BLOCK; i < Math.min(buffer.length, (block + 1) * BLOCK); i++) {
                    peak = Math.max(peak, Math.abs(buffer[i]));
                }
                float gain = peak > CEILING ? CEILING / peak : 1.0f;
                gains[block] = Math.min(gains[block], gain);
                gains[block + 1] = Math.min(gains[block + 1], gain);
            }
            return gains;
        }

        private static void removeOffset(float[] buffer, float factor) {
            float offset = 0.0f;
            for (int i = 0; i < buffer.length; i++) {
                offset += factor * (buffer[i] - offset);
                buffer[i] -= offset;
            }
        }
    }

    /**
     * Reverberation: four delay lines that feed each other through a Hadamard matrix (Stautner and Puckette 1982) and lose high frequencies with every round.
     */
    static final class Reverb {
        /** Delays in seconds, without common divisors, so that no pitch rings. */
        private static final double[] DELAYS = {0.0297, 0.0371, 0.0411, 0.0437};

        private static final double PRE_DELAY_SECONDS = 0.011;
        private static final double DAMPING_HERTZ = 4200.0;

        /** Seconds until the sound of the room has fallen by 60 dB. */
        private static final double REVERBERATION_SECONDS = 0.9;

        private static final float WET = 0.16f;

        /** Keeps the lines from fading into denormal numbers, which are slow; 360 dB below full scale. */
        private static final float HUM = 1e-18f;

        private final int sampleRate;

        Reverb(int sampleRate) {
            this.sampleRate = sampleRate;
        }

        /** Adds the reverberation to the sound in the buffer. */
        void add(float[] buffer) {
            Line a = new Line(DELAYS[0]);
            Line b = new Line(DELAYS[1]);
            Line c = new Line(DELAYS[2]);
            Line d = new Line(DELAYS[3]);
            int wait = (int) (PRE_DELAY_SECONDS * sampleRate);
            float[] input = new float[wait];
            int place = 0;
            for (int i = 0; i < buffer.length; i++) {
                float in = 0.5f * input[place] + HUM;
                input[place] = buffer[i];
                place = place + 1 == wait ? 0 : place + 1;
                float wa = a.read();
                float wb = b.read();
                float wc = c.read();
                float wd = d.read();
                float ab = wa + wb;
                float cd = wc + wd;
                float ba = wa - wb;
                float dc = wc - wd;
                a.write(in + 0.5f * (ab + cd));
                b.write(in + 0.5f * (ba + dc));
                c.write(in + 0.5f * (ab - cd));
                d.write(in + 0.5f * (ba - dc));
                buffer[i] += WET * (ba - dc + wc);
            }
        }

        /** A delay line with a loss that grows with frequency. */
        private final class Line {
            private final float[] samples;
            private final float gain;
            private final float damping = (float) Filters.onePoleFactor(DAMPING_HERTZ, sampleRate);
            private float smooth;
            private int place;

            Line(double seconds) {
                samples = new float[(int) (seconds * sampleRate)];
                gain = (float) StrictMath.pow(10.0, -3.0 * seconds / REVERBERATION_SECONDS);
            }

            float read() {
                smooth += damping * (samples[place] - smooth);
                return gain * smooth;
            }

            void write(float value) {
                samples[place] = value;
                place = place + 1 == samples.length ? 0 : place + 1;
            }
        }
    }
}
