package org.encore.rewards.adherence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.Split;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.adherence.AdherenceTraining.AdherenceLearning;
import org.encore.rewards.adherence.Towers.TowerSettings;
import org.encore.rewards.adherence.Towers.Words;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.rewards.trained.Trainings;
import org.encore.run.MetricsLog;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdherenceTrainingTest {
    private static final AdherenceLearning TINY =
            new AdherenceLearning(3, AudioFeatureSettings.defaults(), 16, 3, 6, 0.002, 1, 10.0, 2);

    @TempDir
    private Path temporary;

    /** Études for captions of others, so that not all of them are perfect. */
    private static List<Sample> samples(int count) {
        Etudes etudes = new Etudes(5);
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Etude etude = etudes.heldOut(i);
            samples.add(Sample.of(
                    etudes.heldOutPrompt(i + 1), Clip.of(etude.piece(), () -> synthesiser.render(etude.piece()))));
        }
        return samples;
    }

    /** Everything that costs training in one test: resumed with the same bytes, scores that add up. */
    @Test
    void learnsReproduciblyAndScoresEachSampleForItself() throws IOException {
        List<String> steps = new ArrayList<>();
        Progress listener = (task, done, total, summary) -> steps.add(task + " " + done + "/" + total);
        TrainedReward trained =
                Trainings.train(progress -> new AdherenceTraining(TINY, progress), temporary.resolve("a"), listener);
        RewardDirectory first = RewardDirectory.write(temporary.resolve("first"), trained);
        // Interrupted after the third step, and resumed from the checkpoint of the second.
        Path interrupted = temporary.resolve("b");
        Trainings.interrupt(progress -> new AdherenceTraining(TINY, progress), interrupted, 3);
        TrainedReward resumed =
                Trainings.train(progress -> new AdherenceTraining(TINY, progress), interrupted, Progress.none());
        RewardDirectory.write(temporary.resolve("second"), resumed);
        assertEquals(List.of("features 16/16", "training 1/3", "training 2/3", "training 3/3"), steps);
        assertArrayEquals(
                Files.readAllBytes(temporary.resolve("a/checkpoints/step-3/network.safetensors")),
                Files.readAllBytes(interrupted.resolve("checkpoints/step-3/network.safetensors")));
        List<Double> losses = MetricsLog.values(temporary.resolve("a/metrics.jsonl"), "loss/train", 3);
        assertEquals(losses, MetricsLog.values(interrupted.resolve("metrics.jsonl"), "loss/train", 3));
        for (String file : List.of("reward.json", "model.safetensors")) {
            assertArrayEquals(
                    Files.readAllBytes(temporary.resolve("first").resolve(file)),
                    Files.readAllBytes(temporary.resolve("second").resolve(file)),
                    file);
        }
        assertEquals(3, losses.size());
        RewardModel reward = TextAdherence.defaults().open("adherence", first);
        List<Sample> samples = samples(3);
        List<Score> together = reward.score(samples);
        for (int i = 0; i < samples.size(); i++) {
            Score alone = reward.score(List.of(samples.get(i))).get(0);
            assertEquals(together.get(i), alone);
            assertTrue(Math.abs(alone.value()) <= 1.0 && alone.explanation().addsUp(1e-9));
        }
        Sample unknown =
                Sample.of(new Prompt("zzz", Attributes.NONE), samples.get(0).clip());
        assertTrue(reward.score(List.of(unknown)).get(0).abstains());
        RewardReport report =
                TextAdherence.defaults().evaluate(first, 10, Split.TEST, count -> samples(count), Progress.none());
        double accuracy = (Double) report.metrics().get("pick_accuracy");
        assertTrue(accuracy > 0.2 && accuracy < 1.0, "accuracy " + accuracy);
        assertTrue(Math.abs((Double) report.metrics().get("spearman_referee")) <= 1.0);
        assertTrue(report.table().contains("| meter |"), report.table());
    }

    /** The settings of the audio features had another name in earlier versions. */
    @Test
    void directoriesOfEarlierVersionsAreRead() throws IOException {
        TowerSettings settings = TowerSettings.of(AudioFeatureSettings.defaults(), new Words(List.of("fast", "slow")));
        RewardDirectory.write(
                temporary.resolve("old"), new TrainedReward("text-adherence", "", settings, Map.of(), List.of()));
        Path description = temporary.resolve("old").resolve(RewardDirectory.DESCRIPTION);
        String written = Files.readString(description);
        assertTrue(written.contains("\"features\" : {") && !written.contains("hearing"), written);
        Files.writeString(description, written.replace("\"features\" : {", "\"hearing\" : {"));
        assertEquals(settings, RewardDirectory.open(temporary.resolve("old")).settings(TowerSettings.class));
    }

    @Test
    void refusesOtherKindsAndWeightsThatDoNotFit() throws IOException {
        TowerSettings settings = TowerSettings.of(AudioFeatureSettings.defaults(), new Words(List.of("fast", "slow")));
        RewardDirectory other = RewardDirectory.write(
                temporary.resolve("other"), new TrainedReward("quality", "", settings, Map.of(), List.of()));
        assertThrows(InvalidFileException.class, () -> AdherenceReward.open("x", other));
        RewardDirectory empty = RewardDirectory.write(
                temporary.resolve("empty"), new TrainedReward("text-adherence", "", settings, Map.of(), List.of()));
        String message = assertThrows(InvalidFileException.class, () -> AdherenceReward.open("x", empty))
                .getMessage();
        assertTrue(message.contains("the weights do not fit the towers"), message);
    }
}
