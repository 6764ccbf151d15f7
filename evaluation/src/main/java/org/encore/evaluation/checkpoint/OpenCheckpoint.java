package org.encore.evaluation.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.TransformerCodes;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.AudioCodec;

/** A model of a directory, with its tokenizer and buffers for passes over known codes. */
public final class OpenCheckpoint implements AutoCloseable {
    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final Replicas replicas;
    private final Workspaces workspaces;

    private OpenCheckpoint(Shards shards, TextTokenizer tokenizer, Path directory, int microBatch) throws IOException {
        this.shards = shards;
        this.tokenizer = tokenizer;
        this.replicas = new Replicas(shards, ModelDirectory.load(directory, shards.kernels(0)));
        ModelConfig config = replicas.model().config();
        DelayPattern pattern =
                new DelayPattern(config.decoder().codebooks(), config.decoder().startToken());
        int steps = pattern.steps(mostFrames(config.decoder()));
        this.workspaces = new Workspaces(shards, config, new BatchShape(microBatch, steps, tokenizer.capacity()));
    }

    /**
     * Loads.
     *
     * @param codec what its codes must mean
     * @param shards where it is computed; closed with the checkpoint
     * @param microBatch the most sequences of one pass
     * @throws InvalidFileException if the directory cannot be used, or the model plays other codes than the codec's
     */
    public static OpenCheckpoint open(Path directory, AudioCodec codec, Shards shards, int microBatch)
            throws IOException {
        TextTokenizer tokenizer = null;
        try {
            requireCodes(directory, codec);
            tokenizer = ModelDirectory.tokenizer(directory);
            return new OpenCheckpoint(shards, tokenizer, directory, microBatch);
        } catch (IOException | RuntimeException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            shards.close();
            throw e;
        }
    }

    /**
     * Looks whether a directory holds a model that plays a codec's codes.
     *
     * @return frames that the model has positions for
     * @throws InvalidFileException if it does not
     */
    public static int requireCodes(Path directory, AudioCodec codec) throws IOException {
        DecoderConfig decoder = ModelDirectory.config(directory).decoder();
        if (decoder.codebooks() != codec.codebooks() || decoder.vocabulary() != codec.cardinality()) {
            throw new InvalidFileException(
                    directory,
                    "the model has " + decoder.codebooks() + " codebooks of " + decoder.vocabulary()
                            + " codes, but the codec has " + codec.codebooks() + " of " + codec.cardinality());
        }
        return mostFrames(decoder);
    }

    private static int mostFrames(DecoderConfig decoder) {
        return decoder.maxFrames();
    }

    /** The model as it scores known codes. */
    public CodeModel codes(Protocol protocol) {
        return new TransformerCodes(replicas, workspaces, tokenizer, protocol);
    }

    /**
     * Lets the model play whole pieces.
     *
     * @param batch sequences that a shard plays at a time
     */
    public ParallelGenerator generator(SamplingSettings sampling, AudioCodec codec, int batch) {
        DecoderConfig decoder = replicas.model().config().decoder();
        Generator.Settings sizes =
                new Generator.Settings(batch, mostFrames(decoder), tokenizer.capacity(), sampling, codec.endCode());
        return new ParallelGenerator(replicas, tokenizer, sizes);
    }

    @Override
    public void close() {
        tokenizer.close();
        shards.close();
    }
}
