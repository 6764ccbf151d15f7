package org.encore.music.analysis.sound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Instrument;
import org.encore.music.Instrument.Family;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.sound.KnownSounds.Known;
import org.encore.music.analysis.sound.RefereeMeasures.Question;
import org.encore.music.analysis.sound.SoundReferee.Answer;
import org.encore.music.analysis.sound.SoundReferee.Report;
import org.encore.music.audio.Waveform;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Timbre;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoundRefereeTest {
    private static final int RATE = 16_000;

    @TempDir
    private Path directory;

    /** Short bursts of noise that fade, evenly spaced. */
    private static Waveform clicks(double perSecond, double seconds) {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE);
        float[] samples = new float[(int) (seconds * RATE)];
        for (int click = 0; click < perSecond * seconds; click++) {
            int start = (int) Math.round(click / perSecond * RATE);
            for (int i = 0; i < 1600 && start + i < samples.length; i++) {
                samples[start + i] += (float) (0.3 * Math.exp(-i / 300.0) * random.nextGaussian());
            }
        }
        return new Waveform(samples, RATE);
    }

    private static Waveform tones(int... pitches) {
        float[] samples = new float[4 * RATE];
        for (int i = 0; i < samples.length; i++) {
            int pitch = pitches[i * pitches.length / samples.length];
            double hertz = 440.0 * Math.pow(2.0, (pitch - 69) / 12.0);
            samples[i] = (float) (0.3 * Math.sin(2.0 * Math.PI * hertz * i / RATE));
        }
        return new Waveform(samples, RATE);
    }

    @Test
    void clicksHaveTheirNumberAndTheirTempo() {
        SoundAnalysis heard = SoundAnalysis.of(clicks(2.0, 8.0));
        assertEquals(2.0, heard.onsets(), 0.2);
        int best = 0;
        for (int i = 0; i < heard.pulses().length; i++) {
            best = heard.pulses()[i] > heard.pulses()[best] ? i : best;
        }
        // 120 beats a minute, or half of it, which two and four beats later fit as well.
        int bpm = SoundAnalysis.SLOWEST_BPM + best;
        assertTrue(Math.abs(bpm - 120) <= 3 || Math.abs(bpm - 60) <= 2, bpm + " beats a minute");
        assertTrue(
                heard.pulses()[120 - SoundAnalysis.SLOWEST_BPM] > 2.0 * heard.pulses()[90 - SoundAnalysis.SLOWEST_BPM]);
    }

    /** Sums of pitch classes are where the tones are, whatever the octave. */
    @Test
    void chromaKnowsPitchClasses() {
        double[] chroma = SoundAnalysis.of(tones(60, 64, 67, 72)).chroma();
        assertTrue(chroma[0] + chroma[4] + chroma[7] > 0.85, () -> Arrays.toString(chroma));
        assertTrue(chroma[0] > chroma[4], "C sounds twice");
        assertEquals(1.0, Arrays.stream(chroma).sum(), 1e-9);
    }

    private static SoundAnalysis pitches(Map<Integer, Double> classes) {
        return new SoundAnalysis(
                new double[0], new double[0], new double[0], weights(classes), new double[12], 1.0, -20.0);
    }

    /** Tonic and scale of the profile that correlates best: 0 is major, 1 minor, 2 Mixolydian, 3 Dorian. */
    private static List<Integer> best(SoundAnalysis heard) {
        double[][] features = SoundKey.features(heard);
        List<Integer> best = List.of();
        double highest = Double.NEGATIVE_INFINITY;
        for (int tonic = 0; tonic < 12; tonic++) {
            for (int scale = 0; scale < 4; scale++) {
                if (features[tonic][24 + scale] > highest) {
                    highest = features[tonic][24 + scale];
                    best = List.of(tonic, scale);
                }
            }
        }
        return best;
    }

    @Test
    void profilesFindTheirKeys() {
        // D major; A minor with its leading tone and a strong tonic; D with a minor third and a major sixth.
        assertEquals(List.of(2, 0), best(pitches(Map.of(2, .25, 4, .1, 6, .15, 7, .1, 9, .2, 11, .1, 1, .1))));
        assertEquals(List.of(9, 1), best(pitches(Map.of(9, .25, 11, .1, 0, .2, 2, .1, 4, .2, 5, .1, 8, .05))));
        assertEquals(List.of(2, 3), best(pitches(Map.of(2, .25, 4, .1, 5, .15, 7, .1, 9, .2, 11, .1, 0, .1))));
    }

    /** The gradient is that of the loss, by finite differences; a fit lowers it. */
    @Test
    void theKeyIsFittedByItsGradient() {
        RandomGenerator random = new RandomStreams(2).stream(Purpose.NOISE);
        double[][][] features = new double[20][12][];
        int[] tonics = new int[20];
        Mode[] modes = new Mode[20];
        for (int n = 0; n < 20; n++) {
            for (int tonic = 0; tonic < 12; tonic++) {
                features[n][tonic] = random.doubles(28).toArray();
            }
            tonics[n] = random.nextInt(12);
            modes[n] = List.of(Mode.values()).get(random.nextInt(3));
        }
        SoundKey key = SoundKey.ofProfiles();
        double[][] gradient = key.gradient(features, tonics, modes);
        for (int s = 0; s < 4; s++) {
            for (int d : new int[] {0, 13, 27, 28}) {
                double[] slot = d == 28 ? key.biases() : key.weights()[s];
                int place = d == 28 ? s : d;
                double kept = slot[place];
                slot[place] = kept + 1e-5;
                double above = key.loss(features, tonics, modes);
                slot[place] = kept - 1e-5;
                double below = key.loss(features, tonics, modes);
                slot[place] = kept;
                assertEquals((above - below) / 2e-5, gradient[s][d], 1e-8);
            }
        }
        SoundKey fitted = SoundKey.fit(features, tonics, modes, 1e-3);
        assertTrue(fitted.loss(features, tonics, modes) < key.loss(features, tonics, modes) - 0.3);
    }

    private static double[] weights(Map<Integer, Double> classes) {
        double[] chroma = new double[12];
        classes.forEach((pitch, weight) -> chroma[pitch] = weight);
        return chroma;
    }

    /** Loudness alone depends on the volume. */
    @Test
    void volumeChangesLoudnessAlone() {
        Waveform loud = clicks(3.0, 4.0);
        float[] half = loud.samples().clone();
        for (int i = 0; i < half.length; i++) {
            half[i] *= 0.5f;
        }
        SoundAnalysis one = SoundAnalysis.of(loud);
        SoundAnalysis other = SoundAnalysis.of(new Waveform(half, RATE));
        assertEquals(one.loudness() - 20.0 * Math.log10(2.0), other.loudness(), 1e-4);
        assertArrayEquals(one.rhythm(), other.rhythm(), 1e-3);
        assertArrayEquals(one.timbre(), other.timbre(), 1e-3);
    }

    /** A calibration on few études tells more than who always says the commonest, on études of other combinations. */
    @Test
    void aSmallCalibrationGeneralises() throws IOException {
        SoundReferee fitted = new RefereeFit(3, 400, 6.0).fit(UnaryOperator.identity(), (done, all) -> {});
        List<Known> test = KnownSounds.of(KnownSounds.test(3), 100, 6.0, UnaryOperator.identity(), done -> {});
        RefereeMeasures measured = RefereeMeasures.of(fitted, test);
        assertEquals(100, measured.clips());
        for (Question question : measured.questions()) {
            if (!question.name().startsWith("instruments")) {
                double chance = 1.0 - (double) question.commonest() / question.asked();
                assertTrue(question.wrongIfForced() < 0.8 * chance * question.asked(), question::toString);
            }
        }
        Path file = directory.resolve("referee.json");
        RefereeFile.write(fitted, file);
        SoundReferee read = RefereeFile.read(new ObjectMapper().readTree(Files.readAllBytes(file)));
        Report expected = fitted.report(test.get(0).heard());
        Report actual = read.report(test.get(0).heard());
        assertEquals(expected.tempo().likeliest(), actual.tempo().likeliest());
        assertEquals(expected.mode().probability(), actual.mode().probability(), 1e-3);
        assertEquals(expected.families().keySet(), actual.families().keySet());
    }

    /** The shipped calibration answers, and is right more often than it aims at being wrong. */
    @Test
    void theShippedRefereeIsRightWhereItAnswers() {
        RefereeMeasures measured =
                RefereeMeasures.of(SoundReferee.standard(), 5, 120, 8.0, UnaryOperator.identity(), (done, all) -> {});
        int said = 0;
        int wrong = 0;
        for (Question question : measured.questions()) {
            said += question.said();
            wrong += question.wrong();
        }
        assertTrue(said > 0.5 * measured.questions().size() * 120, said + " answers");
        assertTrue(wrong < 0.12 * said, wrong + " of " + said + " are wrong");
    }

    /** Noise is like no étude: nothing is said of it. */
    @Test
    void itSaysNothingOfNoise() {
        RandomGenerator random = new RandomStreams(4).stream(Purpose.NOISE);
        float[] noise = new float[8 * RATE];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (0.1 * random.nextGaussian());
        }
        Report report = SoundReferee.standard().hear(new Waveform(noise, RATE));
        assertFalse(report.tempo().sure());
        assertFalse(report.mode().sure());
        assertTrue(report.families().values().stream().noneMatch(Answer::sure));
    }

    @Test
    void silenceIsHeardWithoutNumbersThatAreNone() {
        SoundAnalysis heard = SoundAnalysis.of(new Waveform(new float[RATE], RATE));
        for (double[] features : List.of(heard.rhythm(), heard.timbre(), heard.chroma(), heard.pulses())) {
            for (double feature : features) {
                assertTrue(Double.isFinite(feature));
            }
        }
        assertEquals(0.0, heard.onsets());
        assertEquals(
                -60.0,
                SoundReferee.standard().hear(new Waveform(new float[100], RATE)).loudness());
    }

    private static <T> Answer<T> sure(T value) {
        return new Answer<>(value, 0.95, true);
    }

    /** Aspects of which the referee is not sure have no verdict. */
    @Test
    void itAbstains() {
        Report report = new Report(
                sure(TempoBand.SLOW),
                72,
                0,
                new Answer<>(Mode.MINOR, 0.4, false),
                sure(Density.DENSE),
                2.0,
                Map.of(
                        Family.PIANO, sure(true),
                        Family.PIPE, sure(false),
                        Family.DRUMS, sure(true),
                        Family.STRINGS, new Answer<>(true, 0.6, false)),
                -20.0);
        Attributes asked = Attributes.NONE
                .with(TempoBand.SLOW)
                .with(Mode.MINOR)
                .with(Density.SPARSE)
                .with(Set.of(Timbre.PIANO, Timbre.FLUTE, Timbre.VIOLIN));
        Adherence adherence = SoundReferee.adherence(asked, report);
        assertEquals(
                Set.of(Aspect.TEMPO, Aspect.DENSITY, Aspect.INSTRUMENTS),
                adherence.verdicts().keySet());
        assertEquals(1.0, adherence.verdicts().get(Aspect.TEMPO).score());
        assertEquals(0.0, adherence.verdicts().get(Aspect.DENSITY).score());
        // Of piano and flute one plays; of piano and drums one was asked for.
        assertEquals(0.5, adherence.verdicts().get(Aspect.INSTRUMENTS).score(), 1e-12);
        Adherence strings = SoundReferee.adherence(Attributes.NONE.with(Set.of(Timbre.CELLO)), report);
        assertFalse(strings.verdicts().containsKey(Aspect.INSTRUMENTS));
        assertEquals(Family.STRINGS, new Instrument(42).family());
    }
}
