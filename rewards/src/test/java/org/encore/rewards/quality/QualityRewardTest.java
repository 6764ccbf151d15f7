package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Network.Weight;
import org.encore.rewards.quality.AudioQuality.Estimator;
import org.encore.rewards.quality.AudioQuality.Estimator.QualitySettings;
import org.encore.rewards.quality.AudioQuality.QualityReward;
import org.encore.rewards.quality.QualityTraining.InputDropout;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityRewardTest {
    private static final int RATE = 16000;

    private final Estimator estimator = estimator(1);

    private static Estimator estimator(int seed) {
        Estimator estimator = new Estimator(QualitySettings.of(AudioFeatureSettings.defaults(), 16));
        estimator.network().initialise(new RandomStreams(seed).stream(Purpose.INITIALISATION));
        return estimator;
    }

    /** A tone, and as much noise beside it. */
    private static Waveform sound(int number, double noise, int seconds) {
        var random = new RandomStreams(3).stream(Purpose.NOISE, number);
        float[] samples = new float[seconds * RATE];
        double perSample = 2 * Math.PI * random.nextDouble(200, 800) / RATE;
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.3 * Math.sin(perSample * i) + noise * random.nextGaussian());
        }
        return new Waveform(samples, RATE);
    }

    private static Sample sample(int number) {
        return Sample.of(new Prompt("music", Attributes.NONE), Clip.of(sound(number, 0.01 * number, 12)));
    }

    private static List<Double> values(List<Score> scores) {
        return scores.stream().map(Score::value).toList();
    }

    @Test
    void aScoreDoesNotDependOnItsBatch() {
        RewardModel reward = new QualityReward("q", estimator);
        List<Sample> batch = List.of(sample(0), sample(1), sample(2), sample(3), sample(4));
        List<Double> together = values(CheckedReward.score(reward, batch));
        for (int i = 0; i < batch.size(); i++) {
            assertEquals(
                    together.get(i), reward.score(List.of(sample(i))).get(0).value(), 0.0);
        }
        assertNotEquals(together.get(0), together.get(4));
    }

    @Test
    void scoresAreTheMeanOfTwoWindowsAndExplainThemselves() {
        Sample sample = sample(2);
        Score score = new QualityReward("q", estimator).score(List.of(sample)).get(0);
        double[] opinions =
                estimator.scores(QualityReward.firstAndLast(new AudioFeatures(AudioFeatureSettings.defaults())
                        .extract(sample.clip().waveform())));
        assertEquals((opinions[0] + opinions[1]) / 2, score.value(), 1e-12);
        assertTrue(score.value() >= 1.0 && score.value() <= 5.0);
        assertTrue(score.explanation().addsUp(1e-12));
    }

    /** Three windows of 10 s of a clip of 30 s. */
    @Test
    void aLongClipIsCoveredByItsWindows() {
        float[] samples = new float[30 * RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (Math.sin(0.05 * i * (1 + i / (10 * RATE))) * 0.4);
        }
        Waveform sound = new Waveform(samples, RATE);
        Score score = new QualityReward("q", estimator)
                .score(List.of(Sample.of(new Prompt("x", Attributes.NONE), Clip.of(sound))))
                .get(0);
        double[] opinions = estimator.scores(new AudioFeatures(AudioFeatureSettings.defaults())
                .extract(sound)
                .windows());
        assertEquals(3, opinions.length);
        assertNotEquals(opinions[0], opinions[1]);
        assertEquals((opinions[0] + opinions[1] + opinions[2]) / 3, score.value(), 1e-12);
        assertTrue(score.explanation().addsUp(1e-12));
    }

    @Test
    void aDirectoryGivesTheSameScores(@TempDir Path parent) throws Exception {
        // Weights are stored in half precision: those of the first reading are what the second must give again.
        RewardDirectory first = RewardDirectory.write(
                parent.resolve("a"), trained(estimator.network().weights()));
        RewardModel read = AudioQuality.defaults().open("q", first);
        RewardDirectory second = RewardDirectory.write(parent.resolve("b"), trained(first.weights()));
        assertEquals(
                values(read.score(List.of(sample(1), sample(3)))),
                values(AudioQuality.defaults().open("q", second).score(List.of(sample(1), sample(3)))));
        assertEquals("q", read.id());
        assertEquals(
                values(new QualityReward("q", estimator).score(List.of(sample(1))))
                        .get(0),
                values(read.score(List.of(sample(1)))).get(0),
                0.02);
    }

    private TrainedReward trained(List<Weight> weights) {
        return new TrainedReward(AudioQuality.NAME, "t", estimator.settings(), Map.of(), weights);
    }

    /** The settings of the audio features had another name in earlier versions. */
    @Test
    void directoriesOfEarlierVersionsAreRead(@TempDir Path parent) throws Exception {
        RewardDirectory.write(parent.resolve("old"), trained(estimator.network().weights()));
        Path description = parent.resolve("old").resolve(RewardDirectory.DESCRIPTION);
        String written = Files.readString(description);
        assertTrue(written.contains("\"features\" : {") && !written.contains("hearing"), written);
        Files.writeString(description, written.replace("\"features\" : {", "\"hearing\" : {"));
        assertEquals(
                estimator.settings(),
                RewardDirectory.open(parent.resolve("old")).settings(QualitySettings.class));
    }

    @Test
    void aDirectoryWithoutItsWeightsIsRefused(@TempDir Path parent) throws Exception {
        RewardDirectory directory = RewardDirectory.write(
                parent.resolve("a"), trained(estimator.network().weights().subList(1, 3)));
        String message = assertThrows(InvalidFileException.class, () -> AudioQuality.defaults()
                        .open("q", directory))
                .getMessage();
        assertTrue(message.contains("is not an audio quality reward"), message);
    }

    /** Clean tones are rated 5 and noisy ones 1; a few updates suffice to separate unseen tones. */
    @Test
    void aTrivialContrastIsLearned() {
        AudioFeatures features = new AudioFeatures(AudioFeatureSettings.defaults());
        List<List<WindowFeatures>> clips = new ArrayList<>();
        double[] ratings = new double[8];
        for (int i = 0; i < ratings.length; i++) {
            ratings[i] = i % 2 == 0 ? 5 : 1;
            clips.add(QualityReward.firstAndLast(features.extract(sound(i, i % 2 == 0 ? 0 : 0.1, 3))));
        }
        Estimator pupil = estimator(2);
        for (int update = 0; update < 60; update++) {
            pupil.learn(clips, ratings, new InputDropout(0.0, new RandomStreams(1).stream(Purpose.DROPOUT)), 0.002);
        }
        double clean = pupil.score(features.extract(sound(100, 0, 3)).windows());
        double noisy = pupil.score(features.extract(sound(101, 0.1, 3)).windows());
        assertTrue(clean > 4 && noisy < 2, "clean " + clean + ", noisy " + noisy);
    }
}
