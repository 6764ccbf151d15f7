package org.encore.evaluation.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.Codes;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.perturbation.Perturbation.UniformCodes;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.evaluation.study.DamageDetection.PieceMetric;
import org.encore.evaluation.study.Quality.CompletionMetrics;
import org.encore.evaluation.study.StudyPlan.StudiedCheckpoint;
import org.encore.model.decoding.CodeSequence;
import org.encore.statistics.Bootstrap;
import org.junit.jupiter.api.Test;

/** A study of models and samples of which everything is known. */
class StudyTest {
    private static final int FRAMES = 80;
    private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);

    /** A code costs {@code calm} nats if it is that before it, else {@code surprise}. */
    private static CodeModel model(double calm, double surprise) {
        return sequences -> sequences.stream()
                .map(sequence -> {
                    int[] codes = sequence.codes()[0];
                    double[][] logProbs = new double[1][codes.length];
                    for (int f = 0; f < codes.length; f++) {
                        logProbs[0][f] = f > 0 && codes[f] == codes[f - 1] ? -calm : -surprise;
                    }
                    return logProbs;
                })
                .toList();
    }

    /** Pieces of one code each, all different. */
    private static List<CodeSequence> pieces(int count) {
        List<CodeSequence> pieces = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            int[][] codes = new int[1][FRAMES];
            Arrays.fill(codes[0], p);
            pieces.add(CodeSequence.of(codes, "any"));
        }
        return pieces;
    }

    private static ProfileSettings settings(int count) {
        return new ProfileSettings(10, ProfileSettings.codes(8, 16), 10, count, BOOTSTRAP);
    }

    private static CompletionMetrics played(double adherence, double measure) {
        double[] adherences = new double[6];
        double[][] measures = new double[6][1];
        for (int i = 0; i < 6; i++) {
            adherences[i] = adherence;
            measures[i][0] = measure + i;
        }
        return new CompletionMetrics(adherences, measures);
    }

    /**
     * Checkpoint i is surprised by i + 1 nats and plays with adherence i / 10; its reward falls; its loss is the same.
     */
    private static List<StudiedCheckpoint> checkpoints(int count) {
        ProfilePlan plan =
                new ProfilePlan(settings(4), new OtherPiece(), pieces(4), Codes.of(1, 8), new RandomStreams(1));
        List<StudiedCheckpoint> measured = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] reward = new double[6];
            Arrays.fill(reward, -i);
            measured.add(new StudiedCheckpoint(
                    "run-" + i % 2 + "/step-" + i,
                    played(i / 10.0, 0),
                    Map.of("contrary", reward),
                    Map.of("other-piece", plan.measure(model(0.5, i + 1.0)))));
        }
        return measured;
    }

    @Test
    void qualityIsTheMeanOfAdherenceAndNaturalness() {
        int[] all = IntStream.range(0, 6).toArray();
        Quality same = Quality.of(played(0.5, 0), all, played(1, 0));
        assertEquals(new Quality(0.5, 1.0), same);
        assertEquals(0.75, same.value(), 1e-12);
        // Measures 3 to 8 against 0 to 5: at 2 and at 5 the distributions are half apart.
        assertEquals(0.5, Quality.of(played(1, 3), all, played(1, 0)).naturalness(), 1e-12);
        // 3, 4 and 5 of 0 to 5: half apart below 3.
        assertEquals(
                0.5, Quality.of(played(1, 0), new int[] {3, 4, 5}, played(1, 0)).naturalness(), 1e-12);
    }

    @Test
    void figuresThatRiseWithQualityAreFound() {
        Correlations correlations = new Correlations(checkpoints(10), played(1, 0), BOOTSTRAP);
        Map<String, Correlations.Row> rows = new LinkedHashMap<>();
        correlations.rows().forEach(row -> rows.put(row.name(), row));
        assertEquals(1, rows.get("other-piece peak").all().value(), 1e-12);
        assertEquals(1, rows.get("other-piece peak").reporting().low(), 1e-12);
        assertEquals(1, rows.get("other-piece peak").choosing(), 1e-12);
        assertEquals(-1, rows.get("reward contrary").all().value(), 1e-12);
        assertEquals("reward", rows.get("reward contrary").kind());
        assertEquals("loss", rows.get("absolute loss").kind());
        assertEquals(1 + 1 + 8, rows.size());
        Correlations.Choice choice = correlations.choice();
        assertTrue(choice.name().startsWith("other-piece "), choice.name());
        assertEquals(1, choice.reporting().value(), 1e-12);
        // The first code of a piece is a surprise, so the loss rises as well: no metric gains on it.
        assertEquals(0, choice.gain().value(), 1e-12);
        assertEquals(0.2, correlations.quality(checkpoints(3).get(2)).adherence(), 1e-12);
    }

    /** The halves share no run: the largest one chooses, and the next ones join the smaller half. */
    @Test
    void checkpointsOfARunAreInOneHalf() {
        List<String> labels = new ArrayList<>();
        for (String run : List.of("b", "a", "c", "a", "a", "a", "b", "c", "a", "d", "b")) {
            labels.add(run.equals("d") ? "model" : run + "/step-" + labels.size());
        }
        // a has five, b three, c two, and the model is of no run.
        assertArrayEquals(
                new boolean[] {false, true, false, true, true, true, false, false, true, true, false},
                Correlations.choosing(labels));
        List<String> one = IntStream.range(0, 20).mapToObj(i -> "a/step-" + i).toList();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Correlations.choosing(one))
                .getMessage()
                .contains("20 checkpoints of 1 runs"));
    }

    @Test
    void aFewCheckpointsAreTooFew() {
        List<StudiedCheckpoint> few = checkpoints(7);
        assertThrows(IllegalArgumentException.class, () -> new Correlations(few, played(1, 0), BOOTSTRAP));
    }

    @Test
    void damageThatSurprisesIsFoundAndNoneIsNot() {
        List<CodeSequence> pieces = pieces(8);
        ProfilePlan noise =
                new ProfilePlan(settings(8), new UniformCodes(), pieces, Codes.of(1, 100), new RandomStreams(1));
        DamageDetection detection = new DamageDetection(model(0.5, 4), pieces, 40, 100, BOOTSTRAP);
        List<DamageDetection.Row> rows = detection.rows(List.of(noise));
        assertEquals(
                List.of("8", "16"),
                rows.stream().map(DamageDetection.Row::length).toList());
        for (DamageDetection.Row row : rows) {
            assertEquals("uniform", row.damage());
            assertEquals(1, row.auc().get(PieceMetric.ABSOLUTE_LOSS).value(), 1e-12);
            assertEquals(1, row.auc().get(PieceMetric.CURVE_PEAK).value(), 1e-12);
            // A chain forgets the damage before the probe.
            assertEquals(0.5, row.auc().get(PieceMetric.PROBE_RESPONSE).value(), 1e-12);
            assertTrue(row.chosen() != PieceMetric.PROBE_RESPONSE);
        }
        // Pieces that are all alike: another piece's codes are no damage.
        List<CodeSequence> alike = List.of(pieces.get(0), pieces.get(0), pieces.get(0), pieces.get(0));
        ProfilePlan none = new ProfilePlan(settings(4), new OtherPiece(), alike, Codes.of(1, 8), new RandomStreams(1));
        new DamageDetection(model(0.5, 4), alike, 40, 8, BOOTSTRAP)
                .rows(List.of(none))
                .forEach(row -> row.auc().values().forEach(auc -> assertEquals(0.5, auc.value(), 1e-12)));
    }

    @Test
    void figuresOfACurve() {
        double[] losses = {Double.NaN, 1, 1, 1, 1, 1, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        assertEquals(22.0 / 17, PieceMetric.ABSOLUTE_LOSS.of(losses, 9), 1e-12);
        assertEquals(2, PieceMetric.CURVE_PEAK.of(losses, 9), 1e-12);
        assertEquals(1, PieceMetric.CURVE_CONTRAST.of(losses, 9), 1e-12);
        assertEquals(-9, PieceMetric.PROBE_RESPONSE.of(losses, 9), 1e-12);
    }

    @Test
    void plansForTheSamePiecesAreMeasuredTogether() {
        List<CodeSequence> pieces = pieces(4);
        ProfilePlan one = new ProfilePlan(settings(4), new OtherPiece(), pieces, Codes.of(1, 8), new RandomStreams(1));
        ProfilePlan two =
                new ProfilePlan(settings(4), new UniformCodes(), pieces, Codes.of(1, 8), new RandomStreams(1));
        CodeModel model = model(0.5, 4);
        List<Profile> together = ProfilePlan.measureAll(List.of(one, two), model);
        assertEquals(one.measure(model).metrics(0), together.get(0).metrics(0));
        assertEquals(two.measure(model).metrics(1), together.get(1).metrics(1));
        ProfilePlan other =
                new ProfilePlan(settings(4), new OtherPiece(), pieces(4), Codes.of(1, 8), new RandomStreams(1));
        assertThrows(IllegalArgumentException.class, () -> ProfilePlan.measureAll(List.of(one, other), model));
    }
}
