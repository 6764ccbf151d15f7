package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.corpus.Split;
import org.encore.music.etudes.Etudes;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.quality.QualityTraining.InputDropout;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.rewards.trained.Trainings;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTrainingTest {
    @TempDir
    private Path temporary;

    private static final QualityTraining.Settings TINY = new QualityTraining.Settings(1, 4, 2, 2, 0.001, 4, 0.2, 1);

    @Test
    void aResumedTrainingGivesTheSameWeights() throws IOException {
        List<String> steps = new ArrayList<>();
        TrainedReward first = Trainings.train(
                progress -> new QualityTraining(TINY, progress),
                temporary.resolve("a"),
                (task, done, total, summary) -> steps.add(task + " " + done + "/" + total));
        // Interrupted in the middle of the second epoch, and resumed from the step before.
        Path interrupted = temporary.resolve("b");
        Trainings.interrupt(progress -> new QualityTraining(TINY, progress), interrupted, 4);
        TrainedReward second =
                Trainings.train(progress -> new QualityTraining(TINY, progress), interrupted, Progress.none());
        assertEquals(first.weights().size(), second.weights().size());
        for (int i = 0; i < first.weights().size(); i++) {
            assertArrayEquals(
                    first.weights().get(i).values(),
                    second.weights().get(i).values(),
                    first.weights().get(i).name());
        }
        assertArrayEquals(
                Files.readAllBytes(temporary.resolve("a/checkpoints/step-4/network.safetensors")),
                Files.readAllBytes(interrupted.resolve("checkpoints/step-4/network.safetensors")));
        // Four clips are rendered; each epoch takes two updates of two clips.
        assertEquals(List.of("features 4/4", "training 1/4", "training 2/4", "training 3/4", "training 4/4"), steps);
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertEquals(
                "clips is 0, but must be at least 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new QualityTraining.Settings(1, 0, 2, 4, 0.001, 4, 0.2, 1))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new QualityTraining.Settings(1, 1, 2, 4, Double.NaN, 4, 0.2, 1));
        assertThrows(IllegalArgumentException.class, () -> new QualityTraining.Settings(1, 1, 2, 4, 0.001, 4, 1.0, 1));
    }

    /** An estimator is measured on sound of the rate that a run renders, which is not that of its training. */
    @Test
    void measuredIsWhatIsUsed() {
        Piece piece = new Etudes(1).heldOut(0).piece();
        int used = new NoteCodec(new Synthesiser(Synthesiser.Settings.standard()))
                .decode(new int[][] {NoteLanguage.write(piece)})
                .waveform()
                .sampleRate();
        assertNotEquals(RatedClips.SAMPLE_RATE, used);
        Set<Integer> rates = new HashSet<>();
        SampleReward listening = new SampleReward() {
            @Override
            public String id() {
                return "listening";
            }

            @Override
            public Score score(Sample sample) {
                rates.add(sample.clip().waveform().sampleRate());
                return Score.of(sample.clip().waveform().seconds(), "seconds");
            }
        };
        new QualityMeasures(listening, new QualityMeasures.Settings(1, Split.TEST, 4, 1, 1)).run(Progress.none());
        assertEquals(Set.of(used), rates);
    }

    /** Likes loud clips: knows nothing, and must not pass for an ear. */
    private static final class Loudness implements SampleReward {
        @Override
        public String id() {
            return "loudness";
        }

        @Override
        public Score score(Sample sample) {
            double squares = 0.0;
            for (float value : sample.clip().waveform().samples()) {
                squares += value * value;
            }
            return Score.of(Math.sqrt(squares / sample.clip().waveform().samples().length), "level");
        }
    }

    @Test
    void measuresAnEstimator() {
        RewardReport report = new QualityMeasures(
                        new Loudness(), new QualityMeasures.Settings(1, Split.DEVELOPMENT, 8, 2, 1))
                .run(Progress.none());
        Map<String, Object> metrics = report.metrics();
        assertEquals(8, metrics.get("clips"));
        assertTrue(Math.abs((double) metrics.get("pearson")) < 1.0);
        assertTrue((double) metrics.get("rater_ceiling") > 0.5);
        // Noise makes clips louder.
        assertFalse((boolean) metrics.get("monotone"));
        assertTrue(report.table().contains("| noise |"), report.table());
        assertTrue(report.table().contains("there are no human ratings"));
    }

    @Test
    void aCurveFallsOnlyIfItFallsAtEveryStep() {
        assertTrue(QualityMeasures.falls(new double[] {4, 3, 1}));
        assertFalse(QualityMeasures.falls(new double[] {4, 4, 1}));
        assertFalse(QualityMeasures.falls(new double[] {4, 2, 3}));
    }

    @Test
    void dropoutSilencesItsShareAndKeepsTheMean() {
        Matrix ones = Matrix.zeros(100, 100);
        Arrays.fill(ones.values(), 1.0f);
        new InputDropout(0.2, new RandomStreams(1).stream(Purpose.DROPOUT)).apply(ones);
        int silenced = 0;
        for (float value : ones.values()) {
            assertTrue(value == 0.0f || value == 1.25f);
            silenced += value == 0.0f ? 1 : 0;
        }
        // 10,000 inputs, each with probability 0.2: a standard deviation of 40.
        assertEquals(2000, silenced, 160);
    }
}
