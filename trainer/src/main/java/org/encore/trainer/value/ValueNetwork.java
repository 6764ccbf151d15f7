package org.encore.trainer.value;

import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.settings.Checks;

/** Which network predicts the return before each step. */
public sealed interface ValueNetwork {
    /** A full copy of the policy's trunk. */
    static ValueNetwork defaults() {
        return Trunk.defaults();
    }

    /**
     * A copy of the policy's trunk with a scalar head, trained whole by the samples of each iteration.
     *
     * @paper Cideron et al. 2024, MusicRL, names a value network and says nothing of its size; the copy is ours
     */
    record Trunk() implements ValueNetwork {
        /** Has no settings. */
        public static Trunk defaults() {
            return new Trunk();
        }
    }

    /**
     * A small network that reads what tells most of the score: the codes, how much more probable the frozen reference finds each
     * of them with the prompt than without, and the score of the piece so far. Ours; {@link ReaderNetwork} has the formulas.
     *
     * @param prefixEvery beginnings of this many frames, twice as many and so on are scored by the rewards, for the value to
     *     read; 0 scores none, which saves the time of the rewards
     * @param embedding width of the embedding of a code
     * @param hidden width of both hidden layers
     * @param updates updates in each iteration, on samples of this and the last iterations
     * @param minibatch samples of an update
     * @param replay iterations whose samples are kept, with the present one
     * @param warmupSamples samples of the initial policy that the network learns from before the first iteration; 0 for none
     * @param warmupEpochs passes over these samples
     * @param warmupRate learning rate at the beginning of the warm-up; it falls linearly to {@code value.optimiser.learningRate}
     * @param start a directory {@code value} of a checkpoint of another run with the same rewards, to start from instead of a
     *     warm-up
     */
    record Reader(
            int prefixEvery,
            int embedding,
            int hidden,
            int updates,
            int minibatch,
            int replay,
            int warmupSamples,
            int warmupEpochs,
            double warmupRate,
            Optional<Path> start)
            implements ValueNetwork {
        public Reader {
            Checks.atLeast("prefixEvery", prefixEvery, 0);
            Checks.atLeast("embedding", embedding, 1);
            Checks.atLeast("hidden", hidden, 1);
            Checks.atLeast("updates", updates, 0);
            Checks.atLeast("minibatch", minibatch, 1);
            Checks.atLeast("replay", replay, 1);
            Checks.atLeast("warmupSamples", warmupSamples, 0);
            Checks.atLeast("warmupEpochs", warmupEpochs, 0);
            Checks.within("warmupRate", warmupRate, 0.0, 1.0);
        }

        /** Chosen on rollouts of the shipped bases; docs/results.md has the figures. */
        public static Reader defaults() {
            return new Reader(16, 24, 64, 16, 32, 16, 512, 32, 4e-3, Optional.empty());
        }
    }
}
