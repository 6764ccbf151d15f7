package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Shards;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.weights.ModelDirectory;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.NetworkScores.Pooling;
import org.encore.rewards.preference.PreferenceModel;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.encore.run.MetricsLog;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkTrainingTest {
    private static final NetworkTraining.Votes VOTES =
            new NetworkTraining.Votes(TinyTaste.votes(1, 24, 160), TinyTaste.votes(2, 12, 60));

    @TempDir
    private Path directory;

    private Network network(int steps, int checkpointEvery) throws IOException {
        Path policy = directory.resolve("policy");
        if (!Files.exists(policy)) {
            TinyTaste.policy(policy);
        }
        return new Network(
                policy,
                ClipReading.defaults(),
                Pooling.MEAN,
                new PreferenceLearner.Training(
                        steps,
                        8,
                        new AdamW.Settings(1e-2, 0.9, 0.95, 1e-8, 0.0, 1.0),
                        new Schedule.Constant(1),
                        List.of(ParameterLayout.Part.CROSS_ATTENTION, ParameterLayout.Part.DECODER),
                        PreferenceLearner.Start.POLICY),
                steps,
                checkpointEvery,
                new PreferenceLearner.Compute(2, 4));
    }

    private NetworkTraining.Result run(Network network, RunContext run) throws IOException {
        try (Shards shards = Shards.of(2, () -> new PortableKernels(Precision.SINGLE));
                NetworkTraining training = new NetworkTraining(network, 7, VOTES, run, shards)) {
            return training.run();
        }
    }

    private RunContext context(String name, Optional<Path> resumeFrom) throws IOException {
        RunDirectory run = new RunDirectory(Files.createDirectories(directory.resolve(name)));
        return new RunContext(run, resumeFrom, Progress.none(), Clock.systemUTC());
    }

    @Test
    void aTasteIsLearnedAndHoldsForOtherClips() throws IOException {
        RunContext run = context("run", Optional.empty());
        NetworkTraining.Result result = run(network(60, 60), run);
        // A head that is fitted to random states is better than nothing, and worse than what the trunk learns.
        double before =
                MetricsLog.values(run.directory().metrics(), "rm/log_loss", 0).get(0);
        assertTrue(before < Math.log(2.0) && before > result.heldOut().logLoss(), "log loss before is " + before);
        assertEquals(48, result.heldOut().pairs());
        // Guessing would get 36 of 48 right less than once in two thousand times.
        assertTrue(result.heldOut().accuracy().value() >= 0.75, result.heldOut().toString());
        assertTrue(result.heldOut().logLoss() < 0.5, result.heldOut().toString());
        assertTrue(result.train().accuracy().value() > 0.85, result.train().toString());
        try (PreferenceModel model = PreferenceModels.load(result.checkpoint())) {
            double[] scores = model.scores(VOTES.heldOut().clips().stream()
                    .map(clip -> model.reading().read(clip, clip.prompt(), model.codec(), model.mostFrames()))
                    .toList());
            assertArrayEquals(result.scores(), scores, 1e-4, "the saved model says something else");
        }
    }

    @Test
    void anInterruptedTrainingGoesOnWithTheSameBits() throws IOException {
        NetworkTraining.Result whole = run(network(6, 3), context("whole", Optional.empty()));
        NetworkTraining.Result resumed =
                run(network(6, 3), context("resumed", Optional.of(directory.resolve("whole/checkpoints/step-3"))));
        assertArrayEquals(
                Files.readAllBytes(whole.checkpoint().resolve(ModelDirectory.WEIGHTS)),
                Files.readAllBytes(resumed.checkpoint().resolve(ModelDirectory.WEIGHTS)));
        assertEquals(whole.heldOut(), resumed.heldOut());
    }
}
