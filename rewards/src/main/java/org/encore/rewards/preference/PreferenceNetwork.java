package org.encore.rewards.preference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.ModelDirectory;

/** The policy's trunk with a scalar head, from a directory that holds what it needs. */
public final class PreferenceNetwork implements PreferenceModel {
    private static final int MICRO_BATCH = 8;

    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final NetworkScores scores;
    private final ClipReading reading;
    private final int mostFrames;

    private PreferenceNetwork(
            Shards shards, TextTokenizer tokenizer, NetworkScores scores, ClipReading reading, int mostFrames) {
        this.shards = shards;
        this.tokenizer = tokenizer;
        this.scores = scores;
        this.reading = reading;
        this.mostFrames = mostFrames;
    }

    /**
     * Loads a model on one shard.
     *
     * @throws InvalidFileException if the directory does not hold a network with a scalar head
     */
    static PreferenceNetwork load(Path directory, PreferenceFile file) throws IOException {
        ModelConfig config = ModelDirectory.config(directory);
        if (config.head() != ModelConfig.Head.SCALAR) {
            throw new InvalidFileException(
                    directory, "the model has a head of codes, but a preference needs a scalar one: train it first");
        }
        Shards shards = Shards.of(1, KernelChoice.best(Precision.SINGLE)::open);
        try {
            TextTokenizer tokenizer = ModelDirectory.tokenizer(directory);
            Replicas replicas = new Replicas(shards, ModelDirectory.load(directory, shards.kernels(0)));
            DecoderConfig decoder = config.decoder();
            DelayPattern pattern = new DelayPattern(decoder.codebooks(), decoder.startToken());
            int frames = mostFrames(config);
            int steps = pattern.steps(frames);
            Workspaces workspaces =
                    new Workspaces(shards, config, new BatchShape(MICRO_BATCH, steps, tokenizer.capacity()));
            CodeBatcher batcher = new CodeBatcher(pattern, tokenizer, steps);
            NetworkScores scores = new NetworkScores(replicas, workspaces, batcher, file.pooling());
            return new PreferenceNetwork(shards, tokenizer, scores, file.reading(), frames);
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** The longest clip a network of this size reads, in frames. */
    public static int mostFrames(ModelConfig config) {
        return config.decoder().maxPositions() - config.decoder().codebooks();
    }

    @Override
    public ClipReading reading() {
        return reading;
    }

    @Override
    public int mostFrames() {
        return mostFrames;
    }

    @Override
    public double[] scores(List<CodeSequence> clips) {
        return scores.of(clips);
    }

    @Override
    public void close() {
        tokenizer.close();
        shards.close();
    }
}
