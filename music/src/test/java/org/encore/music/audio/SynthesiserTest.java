package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Instrument.Family;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.RandomPieces;
import org.junit.jupiter.api.Test;

class SynthesiserTest {
    private static final int RATE = 32000;

    private final Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());

    @Test
    void theSamePieceGivesTheSameBits() {
        List<Piece> pieces = IntStream.range(0, 4)
                .mapToObj(i -> new Piece(
                        300,
                        Meter.FOUR_FOUR,
                        RandomPieces.piece(i).notes().stream()
                                .filter(n -> n.onset() < 200)
                                .toList()))
                .toList();
        // Another instance, other threads, another order.
        Synthesiser other = new Synthesiser(Synthesiser.Settings.standard());
        List<float[]> parallel =
                pieces.parallelStream().map(p -> other.render(p).samples()).toList();
        for (int i = pieces.size() - 1; i >= 0; i--) {
            assertArrayEquals(synthesiser.render(pieces.get(i)).samples(), parallel.get(i), 0.0f);
        }
    }

    @Test
    void lastsAsLongAsTheNotesAndTheTail() {
        // A whole note at 120 takes two seconds.
        Piece piece = piece(new Note(Instrument.PIANO, 0, 48, 60, 90));
        assertEquals(3 * RATE, synthesiser.render(piece).samples().length);
        Synthesiser dry = new Synthesiser(new Synthesiser.Settings(8000, 0.0, 1.0));
        assertEquals(8000, dry.render(piece).samples().length);
        assertEquals(RATE, synthesiser.render(piece()).samples().length);
        Piece endless = piece(new Note(Instrument.PIANO, 2_000_000_000, 48, 60, 90));
        assertEquals(601 * RATE, synthesiser.render(endless).samples().length);
    }

    @Test
    void playsThePitchThatIsWritten() {
        for (int program : new int[] {0, 11, 19, 24, 40, 52, 56, 71, 73, 81, 89}) {
            for (int pitch : new int[] {57, 69, 76}) {
                float[] samples = play(new Instrument(program), pitch, 90);
                double hertz = 440.0 * Math.pow(2.0, (pitch - 69) / 12.0);
                double at = energyAt(samples, hertz) + energyAt(samples, 2 * hertz) + energyAt(samples, 3 * hertz);
                double beside = 0.0;
                for (double semitones : new double[] {-1.0, 1.0}) {
                    double near = hertz * Math.pow(2.0, semitones / 12.0);
                    beside += energyAt(samples, near) + energyAt(samples, 2 * near) + energyAt(samples, 3 * near);
                }
                assertTrue(at > 10.0 * beside, "program " + program + ", pitch " + pitch + ": " + at + ", " + beside);
            }
        }
    }

    @Test
    void hasNoOffsetNoClippingAndATypicalLevel() {
        float[] samples = synthesiser.render(band()).samples();
        double sum = 0.0;
        float peak = 0.0f;
        for (float sample : samples) {
            sum += sample;
            peak = Math.max(peak, Math.abs(sample));
        }
        assertEquals(0.0, sum / samples.length, 1e-4);
        assertTrue(peak < 0.97f, "peak " + peak);
        double decibels = 20.0 * Math.log10(rootMeanSquare(samples));
        assertEquals(-20.0, decibels, 3.0);
    }

    @Test
    void staysWithinOneWhateverIsPlayed() {
        List<Note> loud = new ArrayList<>();
        for (int pitch = 0; pitch < 128; pitch++) {
            loud.addAll(Collections.nCopies(3, new Note(new Instrument(pitch), 12, 24, pitch, 127)));
            loud.add(new Note(Instrument.DRUMS, 12, 24, pitch, 127));
        }
        float[] samples =
                synthesiser.render(new Piece(120, Meter.FOUR_FOUR, loud)).samples();
        float peak = 0.0f;
        for (float sample : samples) {
            assertTrue(Math.abs(sample) <= 1.0f, "a sample is " + sample);
            peak = Math.max(peak, Math.abs(sample));
        }
        assertTrue(peak > 0.9f, "such a crowd should reach the limit, but peaks at " + peak);
    }

    @Test
    void everyInstrumentAndEveryDrumIsHeardAtEverySampleRate() {
        for (int rate : new int[] {8000, 32000, 48000}) {
            Synthesiser other = new Synthesiser(Synthesiser.Settings.standard().withSampleRate(rate));
            for (int program = 0; program < 128; program++) {
                Note note = new Note(new Instrument(program), 0, 24, 60, 100);
                double level = rootMeanSquare(other.render(piece(note)).samples());
                assertTrue(level > 1e-3 && level < 0.2, "program " + program + " at " + rate + ": " + level);
            }
            for (int key = 35; key <= 81; key++) {
                Note note = new Note(Instrument.DRUMS, 0, 3, key, 100);
                double level = rootMeanSquare(other.render(piece(note)).samples());
                assertTrue(level > 1e-5 && level < 0.2, "drum " + key + " at " + rate + ": " + level);
            }
        }
    }

    @Test
    void velocityMakesLouderAndBrighter() {
        for (int program : new int[] {0, 25, 33, 56, 64}) {
            float[] soft = play(new Instrument(program), 60, 40);
            float[] loud = play(new Instrument(program), 60, 120);
            assertTrue(rootMeanSquare(loud) > 2.0 * rootMeanSquare(soft), "program " + program);
            double softHighs = energyAt(soft, 261.626 * 10) / energyAt(soft, 261.626);
            double loudHighs = energyAt(loud, 261.626 * 10) / energyAt(loud, 261.626);
            assertTrue(loudHighs > 1.5 * softHighs, "program " + program + ": " + softHighs + ", " + loudHighs);
        }
        assertTrue(
                rootMeanSquare(play(Instrument.DRUMS, 38, 120)) > 2.0 * rootMeanSquare(play(Instrument.DRUMS, 38, 40)));
    }

    @Test
    void familiesSoundDifferent() {
        Map<Family, double[]> prints = new LinkedHashMap<>();
        for (int program = 0; program < 128; program += 8) {
            Instrument instrument = new Instrument(program);
            prints.put(instrument.family(), fingerprint(play(instrument, 60, 90)));
        }
        assertEquals(16, prints.size());
        assertDistinct(prints);
    }

    @Test
    void drumsSoundDifferent() {
        Map<Integer, double[]> prints = new LinkedHashMap<>();
        // Bass drum, stick, snare, clap, three toms, hats, crash, ride, cowbell, conga, agogo, shaker, block, triangle.
        for (int key : new int[] {36, 37, 38, 39, 41, 45, 50, 42, 46, 49, 51, 56, 64, 67, 70, 76, 81}) {
            prints.put(key, fingerprint(play(Instrument.DRUMS, key, 100)));
        }
        assertDistinct(prints);
    }

    @Test
    void refusesSettingsOutsideTheRange() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Synthesiser.Settings(100, 1.0, 60.0));
        assertEquals("sampleRate is 100, but must lie in [8000, 48000]", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Synthesiser.Settings(8000, Double.NaN, 60.0));
    }

    private float[] play(Instrument instrument, int pitch, int velocity) {
        return synthesiser
                .render(piece(new Note(instrument, 0, 24, pitch, velocity)))
                .samples();
    }

    private static Piece piece(Note... notes) {
        return new Piece(120, Meter.FOUR_FOUR, List.of(notes));
    }

    /** Piano chords, bass, flute and drums: about eight notes a second. */
    private static Piece band() {
        List<Note> notes = new ArrayList<>();
        for (int bar = 0; bar < 8; bar++) {
            int start = 48 * bar;
            int root = 60 - 2 * (bar % 4);
            for (int step : new int[] {0, 4, 7}) {
                notes.add(new Note(Instrument.PIANO, start, 44, root + step, 70));
                notes.add(new Note(new Instrument(73), start + 3 * step, 12, root + 12 + step, 80));
            }
            notes.add(new Note(new Instrument(33), start, 22, root - 24, 90));
            notes.add(new Note(new Instrument(33), start + 24, 22, root - 24, 90));
            for (int beat = 0; beat < 4; beat++) {
                notes.add(new Note(Instrument.DRUMS, start + 12 * beat, 3, beat % 2 == 0 ? 36 : 38, 100));
                notes.add(new Note(Instrument.DRUMS, start + 12 * beat + 6, 3, 42, 80));
            }
        }
        return new Piece(120, Meter.FOUR_FOUR, notes);
    }

    private static double rootMeanSquare(float[] samples) {
        double sum = 0.0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }

    /** Power at a frequency over the first second. */
    private static double energyAt(float[] samples, double hertz) {
        return energyAt(Arrays.copyOf(samples, RATE), hertz, RATE);
    }

    /** Power at a frequency by Goertzel's recurrence with a Hann window. */
    private static double energyAt(float[] samples, double hertz, int sampleRate) {
        double turn = 2.0 * Math.PI * hertz / sampleRate;
        double one = 0.0;
        double two = 0.0;
        for (int i = 0; i < samples.length; i++) {
            double window = 0.5 - 0.5 * Math.cos(2.0 * Math.PI * i / samples.length);
            double next = window * samples[i] + 2.0 * Math.cos(turn) * one - two;
            two = one;
            one = next;
        }
        return one * one + two * two - 2.0 * Math.cos(turn) * one * two;
    }

    /**
     * Decibels in third-octave steps over time: 24 frequencies in the 50 ms around the beginning and three later spans.
     * Levels 60 dB below the strongest are ignored.
     */
    private static double[] fingerprint(float[] samples) {
        float[] late = new float[samples.length + RATE / 40];
        System.arraycopy(samples, 0, late, RATE / 40, samples.length);
        int[] borders = {0, RATE / 20, RATE / 4, 3 * RATE / 4, 5 * RATE / 4};
        double[] print = new double[4 * 24];
        for (int span = 0; span < 4; span++) {
            float[] part = Arrays.copyOfRange(late, borders[span], borders[span + 1]);
            for (int band = 0; band < 24; band++) {
                double hertz = 55.0 * Math.pow(2.0, band / 3.0);
                double energy = 1e-9;
                for (int fine = -2; fine <= 2; fine++) {
                    energy += energyAt(part, hertz * Math.pow(2.0, fine / 15.0), RATE) / part.length;
                }
                print[24 * span + band] = 10.0 * Math.log10(energy);
            }
        }
        double strongest = Arrays.stream(print).max().orElseThrow();
        return Arrays.stream(print)
                .map(decibels -> Math.max(-60.0, decibels - strongest))
                .toArray();
    }

    /** At least two decibels apart on average over all spans and frequencies. */
    private static <K extends Comparable<K>> void assertDistinct(Map<K, double[]> prints) {
        List<String> alike = new ArrayList<>();
        prints.forEach((a, first) -> prints.forEach((b, second) -> {
            double distance = IntStream.range(0, first.length)
                    .mapToDouble(i -> Math.abs(first[i] - second[i]))
                    .average()
                    .orElseThrow();
            if (a.compareTo(b) < 0 && distance < 2.0) {
                alike.add(a + " and " + b + ": " + distance + " dB");
            }
        }));
        assertEquals(List.of(), alike);
    }
}
