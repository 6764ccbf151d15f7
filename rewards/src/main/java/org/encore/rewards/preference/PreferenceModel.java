package org.encore.rewards.preference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.transformer.ModelConfig;
import org.encore.music.codec.AudioCodec;

/** Scores clips; differences of scores are log-odds of being preferred. */
public interface PreferenceModel extends AutoCloseable {
    /** The part of a clip that it reads. */
    ClipReading reading();

    /** The codec of the sequences that it reads. */
    AudioCodec codec();

    /** The longest clip it reads, in frames. */
    int mostFrames();

    /**
     * Scores clips; scores do not depend on the batch.
     *
     * @param clips sequences from {@link ClipReading}, at least one
     * @return finite scores, in the order of the clips
     */
    double[] scores(List<CodeSequence> clips);

    @Override
    void close();

    /** Loads preference models. */
    final class PreferenceModels {
        private PreferenceModels() {}

        /**
         * Loads the model of a directory, of either kind.
         *
         * @throws InvalidFileException if the directory does not hold a preference model
         */
        public static PreferenceModel load(Path directory) throws IOException {
            PreferenceFile file = PreferenceFile.read(directory);
            return switch (file.kind()) {
                case NETWORK -> PreferenceNetwork.load(directory, file);
                case MEASURES -> MeasuredPreference.load(directory, file);
            };
        }
    }

    /** A transformer with a scalar head. */
    final class PreferenceNetwork implements PreferenceModel {
        private static final int MICRO_BATCH = 8;

        private final Shards shards;
        private final PretrainedModel model;
        private final NetworkScores scores;
        private final ClipReading reading;

        private PreferenceNetwork(Shards shards, PretrainedModel model, PreferenceFile file) {
            this.shards = shards;
            this.model = model;
            this.scores =
                    new NetworkScores(model.replicas(), model.workspaces(MICRO_BATCH), model.batcher(), file.pooling());
            this.reading = file.reading();
        }

        /**
         * Loads a network on one shard.
         *
         * @throws InvalidFileException if the directory does not hold a network with a scalar head
         */
        static PreferenceNetwork load(Path directory, PreferenceFile file) throws IOException {
            CheckpointInfo checkpoint = CheckpointInfo.of(directory);
            if (checkpoint.config().head() != ModelConfig.Head.SCALAR) {
                throw new InvalidFileException(
                        directory,
                        "the model has a head of codes, but a preference needs a scalar one: train it first");
            }
            Shards shards = Shards.of(1, KernelChoice.best(Precision.SINGLE)::open);
            PretrainedModel model = null;
            try {
                model = PretrainedModel.open(checkpoint, shards);
                return new PreferenceNetwork(shards, model, file);
            } catch (IOException | RuntimeException e) {
                if (model != null) {
                    model.close();
                }
                shards.close();
                throw e;
            }
        }

        @Override
        public ClipReading reading() {
            return reading;
        }

        @Override
        public AudioCodec codec() {
            return model.codec();
        }

        @Override
        public int mostFrames() {
            return model.maxFrames();
        }

        @Override
        public double[] scores(List<CodeSequence> clips) {
            return scores.of(clips);
        }

        @Override
        public void close() {
            model.close();
            shards.close();
        }
    }
}
