package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.training.PreferenceLearner.Measures;
import org.encore.rewards.preference.MeasuredPreference.Term;
import org.encore.rewards.preference.PieceMeasure;
import org.encore.rewards.preference.PreferenceModel;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasureTrainingTest {
    private static final Measures SETTINGS = new Measures(4, 2, List.of(1.0, 100.0), 100);

    @TempDir
    private Path directory;

    @Test
    void whatRatersLikeIsFoundAndPredictsVotesOnUnseenClips() throws IOException {
        ComparisonSet votes = TinyTaste.votes(1, 24, 400);
        MeasureTraining.Result result = new MeasureTraining(SETTINGS, 1, votes).run();
        assertTrue(result.accuracy().value() > 0.8, result.accuracy().toString());
        assertEquals(
                8, result.chosen().values().stream().mapToInt(Integer::intValue).sum());
        Term heaviest = result.terms().stream()
                .max(Comparator.comparingDouble(Term::weight))
                .orElseThrow();
        assertEquals(PieceMeasure.PITCH_MEAN, heaviest.measure());
        result.save(directory, -0.5);
        ComparisonSet others = TinyTaste.votes(2, 12, 60);
        try (PreferenceModel model = PreferenceModels.load(directory)) {
            double[] scores = model.scores(others.clips().stream()
                    .map(clip -> model.reading().read(clip, clip.prompt(), model.codec(), model.mostFrames()))
                    .toList());
            assertTrue(PairMetrics.of(others.comparisons(), scores).accuracy().value() > 0.8);
        }
    }

    /** Votes that follow nothing: cross-validation must not find anything in them. */
    @Test
    void noiseIsNotMistakenForTaste() {
        ComparisonSet votes = TinyTaste.votes(1, 24, 400);
        List<Comparison> random = votes.comparisons().stream()
                .map(vote ->
                        new Comparison(vote.a(), vote.b(), (31 * vote.a() + 17 * vote.b()) % 2 * 2 - 1, "r" + vote.a()))
                .toList();
        MeasureTraining.Result result =
                new MeasureTraining(SETTINGS, 1, new ComparisonSet(votes.clips(), random)).run();
        assertEquals(0.5, result.accuracy().value(), 0.15);
    }
}
