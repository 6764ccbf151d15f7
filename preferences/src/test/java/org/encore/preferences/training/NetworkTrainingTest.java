package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkTrainingTest {
    private static final NetworkTraining.Votes VOTES =
            new NetworkTraining.Votes(TinyTaste.votes(1, 24, 160), TinyTaste.votes(2, 12, 60));

    @TempDir
    private Path directory;

    /** Keeps everything in a directory, as the command line does. */
    private record Notes(Path directory, Optional<Path> resumeFrom, Map<Long, Map<String, Double>> metrics)
            implements TrainingJournal {
        @Override
        public Optional<Path> lastCheckpoint() {
            return resumeFrom;
        }

        @Override
        public Path checkpoint(long step) {
            return directory.resolve("step-" + step);
        }

        @Override
        public void begin(long step) {
            metrics.clear();
        }

        @Override
        public void record(long step, Map<String, Double> written) {
            metrics.put(step, written);
        }

        @Override
        public void progress(long step, long total, String postfix) {
            assertTrue(step <= total, postfix);
        }
    }

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

    private NetworkTraining.Result run(Network network, Notes journal) throws IOException {
        try (Shards shards = Shards.of(2, () -> new PortableKernels(Precision.SINGLE));
                NetworkTraining training = new NetworkTraining(network, 7, VOTES, journal, shards)) {
            return training.run();
        }
    }

    private Notes notes(String name, Optional<Path> resumeFrom) {
        return new Notes(directory.resolve(name), resumeFrom, new LinkedHashMap<>());
    }

    @Test
    void aTasteIsLearnedAndHoldsForOtherClips() throws IOException {
        Notes journal = notes("run", Optional.empty());
        NetworkTraining.Result result = run(network(60, 60), journal);
        // A head that is fitted to random states is better than nothing, and worse than what the trunk learns.
        double before = journal.metrics().get(0L).get("rm/log_loss");
        assertTrue(before < Math.log(2.0) && before > result.heldOut().logLoss(), "log loss before is " + before);
        assertEquals(48, result.heldOut().pairs());
        // Guessing would get 36 of 48 right less than once in two thousand times.
        assertTrue(result.heldOut().accuracy() >= 0.75, result.heldOut().toString());
        assertTrue(result.heldOut().logLoss() < 0.5, result.heldOut().toString());
        assertTrue(result.train().accuracy() > 0.85, result.train().toString());
        try (PreferenceModel model = PreferenceModels.load(result.checkpoint())) {
            double[] scores = model.scores(VOTES.heldOut().clips().stream()
                    .map(clip -> model.reading().read(clip.piece(), clip.prompt(), model.codec(), model.mostFrames()))
                    .toList());
            assertArrayEquals(result.scores(), scores, 1e-4, "the saved model says something else");
        }
    }

    @Test
    void anInterruptedTrainingGoesOnWithTheSameBits() throws IOException {
        NetworkTraining.Result whole = run(network(6, 3), notes("whole", Optional.empty()));
        NetworkTraining.Result resumed =
                run(network(6, 3), notes("resumed", Optional.of(directory.resolve("whole/step-3"))));
        assertArrayEquals(
                Files.readAllBytes(whole.checkpoint().resolve(ModelDirectory.WEIGHTS)),
                Files.readAllBytes(resumed.checkpoint().resolve(ModelDirectory.WEIGHTS)));
        assertEquals(whole.heldOut(), resumed.heldOut());
    }
}
