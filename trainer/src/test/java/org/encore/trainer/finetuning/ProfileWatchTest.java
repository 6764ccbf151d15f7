package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.corpus.Corpus;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.junit.jupiter.api.Test;

/** When a watch warns, on models that give every code a probability of its own. */
class ProfileWatchTest {
    private static final Profiling SETTINGS = new Profiling(2, 4, 6, 8, 0.0);

    /** A code costs 1 nat, and the more the farther it is from a multiple of 7. */
    private static CodeModel model(double price) {
        return sequences ->
                sequences.stream().map(each -> logProbs(each, price)).toList();
    }

    private static double[][] logProbs(CodeSequence sequence, double price) {
        int[] codes = sequence.codes()[0];
        double[][] logProbs = new double[1][codes.length];
        for (int f = 0; f < codes.length; f++) {
            logProbs[0][f] = -1.0 - price * (codes[f] % 7);
        }
        return logProbs;
    }

    /** A model to which all codes of damaged pieces, which a profile scores after the clean ones, cost 5 nats more. */
    private static CodeModel touchy() {
        AtomicInteger calls = new AtomicInteger();
        return sequences -> {
            double more = calls.getAndIncrement() % 2 == 0 ? 0.0 : 5.0;
            List<double[][]> logProbs = model(1).logProbs(sequences);
            logProbs.forEach(each -> Arrays.setAll(each[0], f -> each[0][f] - more));
            return logProbs;
        };
    }

    private static PieceSelection.Source source() throws IOException {
        Corpus corpus = TinyWorld.corpus().open(TinyWorld.codec(), TinyWorld.MAX_FRAMES);
        return new PieceSelection.Source(corpus, TinyWorld.codec(), TinyWorld.codec()::encode, TinyWorld.MAX_FRAMES);
    }

    private static ProfileWatch watch(double... scores) throws IOException {
        ProfileWatch watch = new ProfileWatch(SETTINGS, source(), 3, model(1));
        for (double score : scores) {
            watch.score(score);
        }
        return watch;
    }

    @Test
    void theReferenceIsWithinItsOwnBand() throws IOException {
        Map<String, Double> metrics = watch(1, 1, 2, 2).metrics(model(1));
        assertEquals(
                List.of(
                        "profile/peak",
                        "profile/assimilation",
                        "profile/recovery",
                        "profile/recovery_codes",
                        "profile/outside",
                        "profile/warning"),
                List.copyOf(metrics.keySet()));
        assertEquals(0.0, metrics.get("profile/outside"));
        assertEquals(0.0, metrics.get("profile/warning"));
    }

    /** The same difference on each piece, however much the pieces differ. */
    @Test
    void warnsOfAnotherProfileOnlyWhileTheScoreRises() throws IOException {
        Map<String, Double> rising = watch(1, 1, 2, 2).metrics(touchy());
        assertTrue(rising.get("profile/outside") >= 1.0, rising::toString);
        assertEquals(1.0, rising.get("profile/warning"));
        assertEquals(0.0, watch(2, 2, 1, 1).metrics(touchy()).get("profile/warning"));
        assertEquals(0.0, watch(1, 2).metrics(touchy()).get("profile/warning"), "nothing to compare with");
        assertEquals(1.0, watch(9, 9, 1, 1, 1.5, 1.5).metrics(touchy()).get("profile/warning"), "only the last two");
    }

    /** The same small difference on each piece is no chance, and still does not matter. */
    @Test
    void aDifferenceMustMatter() throws IOException {
        CodeModel dearer = model(1.02);
        assertEquals(0.0, ProfileWatch.matters(2.93, 2.77, 0.1) ? 1.0 : 0.0, 0.0);
        assertTrue(ProfileWatch.matters(3.05, 2.77, 0.1));
        assertTrue(ProfileWatch.matters(-1.2, -1.0, 0.1));
        ProfileWatch strict = watch(1, 1, 2, 2);
        ProfileWatch lenient = new ProfileWatch(new Profiling(2, 4, 6, 8, 100.0), source(), 3, model(1));
        DoubleStream.of(1, 1, 2, 2).forEach(lenient::score);
        assertEquals(1.0, strict.metrics(touchy()).get("profile/warning"));
        Map<String, Double> metrics = lenient.metrics(dearer);
        assertEquals(0.0, metrics.get("profile/warning"), metrics::toString);
    }

    /**
     * Figures of 16 pieces that two models score with a correlation of 0.95: a shift of half a deviation is seen nearly
     * always, and without one at most 7 % of 1,000 runs raise an alarm.
     */
    @Test
    void pairsShowWhatIntervalsHide() {
        int alarms = 0;
        int seen = 0;
        for (int run = 0; run < 1000; run++) {
            RandomGenerator random = new RandomStreams(run).stream(Purpose.EVALUATION);
            List<double[]> references = new ArrayList<>();
            List<double[]> clean = new ArrayList<>();
            List<double[]> shifted = new ArrayList<>();
            for (int figure = 0; figure < 4; figure++) {
                double[] reference =
                        random.doubles(16).map(unused -> random.nextGaussian()).toArray();
                double[] same = Arrays.stream(reference)
                        .map(value -> 0.95 * value + Math.sqrt(1.0 - 0.95 * 0.95) * random.nextGaussian())
                        .toArray();
                references.add(reference);
                clean.add(same);
                shifted.add(Arrays.stream(same).map(value -> value + 0.5).toArray());
            }
            alarms += ProfileWatch.different(clean, references).contains(true) ? 1 : 0;
            seen += ProfileWatch.different(shifted, references).contains(true) ? 1 : 0;
        }
        assertTrue(alarms <= 70, alarms + " alarms in 1,000 clean runs");
        assertTrue(seen >= 950, "only " + seen + " of 1,000 shifts were seen");
    }

    @Test
    void settingsHaveLimits() {
        assertThrows(IllegalArgumentException.class, () -> new Profiling(-1, 8, 32, 50, 0.0));
        assertThrows(IllegalArgumentException.class, () -> new Profiling(1, 1, 32, 50, 0.0));
        assertThrows(IllegalArgumentException.class, () -> new Profiling(1, 8, 0, 50, 0.0));
        assertThrows(IllegalArgumentException.class, () -> new Profiling(1, 8, 32, 5, 0.0));
        // Windows of at most 48 codes have no room for 50.
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new ProfileWatch(new Profiling(1, 8, 32, 50, 0.0), source(), 3, model(1)))
                .getMessage();
        assertTrue(message.startsWith("evaluation.profile is not possible: only 0 of "), message);
        assertTrue(message.endsWith("; or set evaluation.profile.every to 0"), message);
    }
}
