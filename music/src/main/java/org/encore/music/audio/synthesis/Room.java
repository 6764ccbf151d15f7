package org.encore.music.audio.synthesis;

/**
 * A little room around the music: four delay lines that feed each other through a Hadamard matrix (Stautner and
 * Puckette 1982), duller with every round.
 */
final class Room {
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

    Room(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /** Adds the room's answer to the sound in the buffer. */
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

    /** A delay line that loses a little, and more of the highs. */
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
