package org.encore.music.audio.synthesis;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.audio.synthesis.VoiceRenderer.Filters;

/** The percussion kit: every key of the General MIDI percussion map, rendered when first struck and kept. */
final class DrumKit {
    private static final double VELOCITY_POWER = 1.5;

    private final int sampleRate;
    private final Map<Integer, float[]> strokes = new ConcurrentHashMap<>();

    DrumKit(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /** Adds a stroke; a soft one is duller. Samples after the end of the buffer are left out. */
    void add(float[] buffer, int start, int key, int velocity) {
        float[] stroke = strokes.computeIfAbsent(key, this::render);
        double force = velocity / 127.0;
        float gain = (float) StrictMath.pow(force, VELOCITY_POWER);
        float openness = (float) Filters.onePoleFactor(1500.0 + 14000.0 * force, sampleRate);
        float smooth = 0.0f;
        int length = Math.min(stroke.length, buffer.length - start);
        for (int i = 0; i < length; i++) {
            smooth += openness * (stroke[i] - smooth);
            buffer[start + i] += gain * smooth;
        }
    }

    private float[] render(int key) {
        Stroke stroke = new Stroke(sampleRate, key);
        if (key < 35 || key > 81) {
            stroke.tone(400.0 + 30.0 * key, 0.03, 0.6).noise(1500.0, 8000.0, 0.01, 0.5);
        } else if (key <= 59) {
            drumSet(stroke, key);
        } else {
            latinPercussion(stroke, key);
        }
        return stroke.samples();
    }

    private static void drumSet(Stroke stroke, int key) {
        switch (key) {
            case 35 -> stroke.skin(120.0, 44.0, 0.035, 0.20, 2.6).noise(300.0, 2500.0, 0.006, 0.8);
            case 36 -> stroke.skin(165.0, 50.0, 0.028, 0.15, 2.6).noise(600.0, 4500.0, 0.006, 1.2);
            case 37 -> stroke.tone(1750.0, 0.014, 1.3).tone(480.0, 0.02, 0.8).noise(2000.0, 9000.0, 0.008, 1.0);
            case 38 ->
                stroke.skin(260.0, 182.0, 0.02, 0.07, 1.3)
                        .tone(331.0, 0.05, 0.5)
                        .noise(1000.0, 9000.0, 0.10, 2.4);
            case 39 -> clap(stroke);
            case 40 -> stroke.skin(310.0, 215.0, 0.015, 0.05, 1.2).noise(1800.0, 11000.0, 0.075, 2.6);
            case 42 -> stroke.metal(330.0, 6500.0, 0.024, 9.0).noise(7000.0, 14000.0, 0.022, 4.5);
            case 44 -> stroke.metal(300.0, 5000.0, 0.035, 5.0).noise(5000.0, 12000.0, 0.03, 2.5);
            case 46 -> stroke.metal(330.0, 6000.0, 0.20, 6.5).noise(6500.0, 14000.0, 0.22, 3.2);
            case 49 -> crash(stroke, 285.0, 0.55);
            case 51 ->
                stroke.metal(410.0, 5000.0, 0.40, 4.0).tone(2950.0, 0.14, 0.3).noise(6000.0, 14000.0, 0.15, 1.2);
            case 52 -> stroke.metal(230.0, 2500.0, 0.35, 2.0).noise(2500.0, 9000.0, 0.30, 1.4);
            case 53 -> stroke.tone(2150.0, 0.35, 0.5).tone(3240.0, 0.28, 0.35).metal(410.0, 5000.0, 0.25, 2.0);
            case 54 -> stroke.metal(620.0, 7000.0, 0.07, 8.0).noiseAt(0.03, 7000.0, 14000.0, 0.06, 5.0);
            case 55 -> crash(stroke, 350.0, 0.22);
            case 56 -> stroke.tone(562.0, 0.09, 0.8).tone(845.0, 0.07, 0.7).tone(1690.0, 0.02, 0.3);
            case 57 -> crash(stroke, 255.0, 0.65);
            case 58 -> stroke.tone(190.0, 0.3, 0.5).metal(95.0, 1500.0, 0.4, 1.5);
            case 59 ->
                stroke.metal(455.0, 5500.0, 0.35, 4.0).tone(3300.0, 0.12, 0.3).noise(6500.0, 14000.0, 0.12, 1.2);
            default -> tom(stroke, key);
        }
    }

    private static void latinPercussion(Stroke stroke, int key) {
        switch (key) {
            case 60 -> hand(stroke, 410.0, 0.06);
            case 61 -> hand(stroke, 290.0, 0.08);
            case 62 -> hand(stroke, 330.0, 0.04);
            case 63 -> hand(stroke, 275.0, 0.10);
            case 64 -> hand(stroke, 205.0, 0.09);
            case 65 -> hand(stroke, 480.0, 0.10).noise(2500.0, 9000.0, 0.04, 0.6);
            case 66 -> hand(stroke, 340.0, 0.12).noise(2500.0, 9000.0, 0.04, 0.6);
            case 67 -> stroke.tone(1230.0, 0.30, 0.8).tone(2030.0, 0.22, 0.5).tone(3290.0, 0.14, 0.4);
            case 68 -> stroke.tone(905.0, 0.33, 0.8).tone(1490.0, 0.25, 0.5).tone(2420.0, 0.16, 0.4);
            case 69 -> stroke.noise(5000.0, 12000.0, 0.035, 5.0).noiseAt(0.03, 5000.0, 12000.0, 0.03, 3.5);
            case 70 -> stroke.noise(6500.0, 14000.0, 0.022, 8.0);
            case 71 -> stroke.tone(2350.0, 0.05, 0.5).tone(2420.0, 0.05, 0.4);
            case 72 -> stroke.tone(2150.0, 0.18, 0.5).tone(2210.0, 0.18, 0.4);
            case 73 -> scrape(stroke, 4, 0.018);
            case 74 -> scrape(stroke, 12, 0.022);
            case 75 -> stroke.tone(2480.0, 0.030, 1.2);
            case 76 -> stroke.tone(890.0, 0.028, 1.5).tone(2300.0, 0.010, 0.4);
            case 77 -> stroke.tone(620.0, 0.034, 1.5).tone(1600.0, 0.012, 0.4);
            case 78 -> stroke.skin(700.0, 380.0, 0.05, 0.08, 0.9);
            case 79 -> stroke.skin(330.0, 620.0, 0.10, 0.16, 0.9);
            case 80 -> stroke.tone(4950.0, 0.05, 0.5).tone(7320.0, 0.03, 0.3);
            default -> stroke.tone(4950.0, 0.45, 0.45).tone(7320.0, 0.35, 0.25).tone(10400.0, 0.2, 0.15);
        }
    }

    private static void clap(Stroke stroke) {
        for (int hand = 0; hand < 3; hand++) {
            stroke.noiseAt(0.011 * hand, 900.0, 4500.0, 0.006, 2.4);
        }
        stroke.noiseAt(0.033, 800.0, 5000.0, 0.07, 2.2);
    }

    private static void crash(Stroke stroke, double base, double decay) {
        stroke.metal(base, 3500.0, decay, 1.6)
                .noise(3000.0, 13000.0, decay * 0.8, 1.4)
                .noise(1500.0, 9000.0, 0.04, 1.0);
    }

    /** Six toms from 41 to 50, about a third apart. */
    private static void tom(Stroke stroke, int key) {
        double hertz = 82.0 * StrictMath.pow(2.0, (key - 41) / 10.0);
        stroke.skin(1.6 * hertz, hertz, 0.06, 0.26, 1.7)
                .tone(1.9 * hertz, 0.07, 0.3)
                .noise(400.0, 4000.0, 0.015, 0.8);
    }

    private static Stroke hand(Stroke stroke, double hertz, double decay) {
        return stroke.skin(1.15 * hertz, hertz, 0.02, decay, 1.3)
                .tone(1.6 * hertz, decay * 0.5, 0.35)
                .noise(1000.0, 6000.0, 0.006, 0.9);
    }

    private static void scrape(Stroke stroke, int teeth, double apart) {
        for (int tooth = 0; tooth < teeth; tooth++) {
            stroke.noiseAt(tooth * apart, 2500.0, 7000.0, 0.006, 2.5 + 0.2 * tooth);
        }
    }

    /** Builds the sound of one stroke on a percussion instrument from skins, noise and metal. */
    static final class Stroke {
        /** Ratios of six square waves that sound like a cymbal together, those of a well-known drum machine. */
        private static final double[] CYMBAL_RATIOS = {1.0, 1.4826, 1.8003, 2.5459, 2.6303, 3.8966};

        private static final double LONGEST_SECONDS = 2.5;

        private final int sampleRate;
        private final RandomGenerator random;
        private final float[] samples;
        private int used;

        Stroke(int sampleRate, int key) {
            this.sampleRate = sampleRate;
            random = new RandomStreams(0).stream(RandomStreams.Purpose.NOISE, key);
            samples = new float[(int) (LONGEST_SECONDS * sampleRate)];
        }

        /**
         * Adds a tone that falls: a skin.
         *
         * @param from frequency at the start in Hz
         * @param to frequency it falls to
         * @param fall seconds until it has fallen to 1/e of the way
         * @param decay seconds until the amplitude is 1/e
         */
        Stroke skin(double from, double to, double fall, double decay, double level) {
            double phase = 0.0;
            double bend = 1.0;
            double gain = level;
            double bendFactor = Filters.decayFactor(fall, 1.0 / sampleRate);
            double gainFactor = Filters.decayFactor(decay, 1.0 / sampleRate);
            int length = lengthOf(decay, 0.0);
            for (int i = 0; i < length; i++) {
                samples[i] += (float) (gain * attack(i) * StrictMath.sin(2.0 * StrictMath.PI * phase));
                phase += (to + (from - to) * bend) / sampleRate;
                bend *= bendFactor;
                gain *= gainFactor;
            }
            return this;
        }

        /** Adds a tone that stays: a bar, a bell, a block. */
        Stroke tone(double hertz, double decay, double level) {
            return skin(hertz, hertz, 1.0, decay, level);
        }

        /** Adds noise between two frequencies in Hz. */
        Stroke noise(double low, double high, double decay, double level) {
            return noiseAt(0.0, low, high, decay, level);
        }

        /** Adds noise that starts some seconds later. */
        Stroke noiseAt(double delay, double low, double high, double decay, double level) {
            Band band = new Band(low, high);
            double gain = level;
            double factor = Filters.decayFactor(decay, 1.0 / sampleRate);
            int start = (int) (delay * sampleRate);
            int end = lengthOf(decay, delay);
            for (int i = start; i < end; i++) {
                double filtered = band.next(2.0 * random.nextDouble() - 1.0);
                samples[i] += (float) (gain * attack(i - start) * filtered);
                gain *= factor;
            }
            return this;
        }

        /** Adds beating metal above a frequency: six square waves on a base frequency, both in Hz. */
        Stroke metal(double base, double above, double decay, double level) {
            Band band = new Band(above, 0.45 * sampleRate);
            double gain = level;
            double factor = Filters.decayFactor(decay, 1.0 / sampleRate);
            int length = lengthOf(decay, 0.0);
            double[] phases = new double[CYMBAL_RATIOS.length];
            for (int i = 0; i < length; i++) {
                double sum = 0.0;
                for (int k = 0; k < phases.length; k++) {
                    phases[k] += base * CYMBAL_RATIOS[k] / sampleRate;
                    phases[k] -= Math.floor(phases[k]);
                    sum += phases[k] < 0.5 ? 1.0 : -1.0;
                }
                samples[i] += (float) (gain * attack(i) * band.next(sum / phases.length));
                gain *= factor;
            }
            return this;
        }

        /** The sound so far, as long as it is audible. */
        float[] samples() {
            float[] result = Arrays.copyOf(samples, used);
            int fade = Math.min(used, sampleRate / 200);
            for (int i = 0; i < fade; i++) {
                result[used - 1 - i] *= (float) i / fade;
            }
            return result;
        }

        /** Until 60 dB below the start. */
        private int lengthOf(double decay, double delay) {
            int length = Math.min(samples.length, (int) ((6.9 * decay + delay) * sampleRate));
            used = Math.max(used, length);
            return length;
        }

        /** Rises within half a millisecond, so that nothing starts with a click. */
        private double attack(int sample) {
            return Math.min(1.0, (sample + 1) * 2000.0 / sampleRate);
        }

        /** Two high and two low passes of the first order. */
        private final class Band {
            private final double lowFactor;
            private final double highFactor;
            private double low1;
            private double low2;
            private double high1;
            private double high2;

            Band(double low, double high) {
                // At low sample rates a cymbal would lie above half the rate.
                lowFactor = Filters.onePoleFactor(Math.min(low, 0.2 * sampleRate), sampleRate);
                highFactor = Filters.onePoleFactor(Math.min(high, 0.45 * sampleRate), sampleRate);
            }

            double next(double x) {
                low1 += lowFactor * (x - low1);
                double once = x - low1;
                low2 += lowFactor * (once - low2);
                high1 += highFactor * (once - low2 - high1);
                high2 += highFactor * (high1 - high2);
                return high2;
            }
        }
    }
}
