package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeBatcher;
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
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;

/**
 * A loaded checkpoint: weights, tokenizer and codec.
 *
 * <p>The model owns its tokenizer and its codec and closes them: clips must be rendered before that. The caller owns the shards and closes them after the model; that frees the weights and the buffers.
 */
public final class PretrainedModel implements AutoCloseable {
    private final CheckpointInfo checkpoint;
    private final Replicas replicas;
    private final TextTokenizer tokenizer;
    private final AudioCodec codec;

    private PretrainedModel(CheckpointInfo checkpoint, Replicas replicas, TextTokenizer tokenizer, AudioCodec codec) {
        this.checkpoint = checkpoint;
        this.replicas = replicas;
        this.tokenizer = tokenizer;
        this.codec = codec;
    }

    /**
     * Loads the model of a directory.
     *
     * @param shards the shards to compute with; the caller closes them, even after a failure
     * @throws InvalidFileException if the directory cannot be used, or its codec is not one of this version
     */
    public static PretrainedModel open(Path directory, Shards shards) throws IOException {
        return open(CheckpointInfo.of(directory), shards);
    }

    /** Loads the model of a checkpoint whose configuration has been read. */
    public static PretrainedModel open(CheckpointInfo checkpoint, Shards shards) throws IOException {
        return open(checkpoint, shards, TextTokenizer.MAX_TOKENS);
    }

    /** {@link #open(CheckpointInfo, Shards)} for prompts of up to a number of tokens. */
    public static PretrainedModel open(CheckpointInfo checkpoint, Shards shards, int maxTokens) throws IOException {
        TextTokenizer tokenizer = checkpoint.tokenizer(maxTokens);
        try {
            Replicas replicas = new Replicas(shards, checkpoint.load(shards.kernels(0)));
            return new PretrainedModel(checkpoint, replicas, tokenizer, Codecs.open(checkpoint, shards));
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The configuration of the checkpoint. */
    public CheckpointInfo checkpoint() {
        return checkpoint;
    }

    /** Sizes of the model, with the name of its codec. */
    public ModelConfig config() {
        return checkpoint.config();
    }

    /** The most frames of a sequence. */
    public int maxFrames() {
        return checkpoint.maxFrames();
    }

    public Replicas replicas() {
        return replicas;
    }

    /** The model's tokenizer, closed with the model. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** The codec of the model's codes. */
    public AudioCodec codec() {
        return codec;
    }

    /**
     * The codec as a symbolic codec.
     *
     * @throws InvalidFileException if it is not symbolic
     */
    public SymbolicCodec symbolicCodec() {
        return codec instanceof SymbolicCodec symbolic ? symbolic : checkpoint.symbolicCodec();
    }

    /** Lays out sequences for this model, up to the length of its {@link #workspaces}. */
    public CodeBatcher batcher() {
        DelayPattern pattern = checkpoint.pattern();
        return new CodeBatcher(pattern, tokenizer, pattern.steps(maxFrames()));
    }

    /**
     * Allocates buffers for passes over known codes of up to {@link #maxFrames} frames.
     *
     * @param microBatch the most sequences of one pass
     */
    public Workspaces workspaces(int microBatch) {
        int steps = checkpoint.pattern().steps(maxFrames());
        return new Workspaces(replicas.shards(), config(), new BatchShape(microBatch, steps, tokenizer.capacity()));
    }

    /**
     * Allocates a generator of sequences of up to {@link #maxFrames} frames, which the caller closes.
     *
     * @param batch sequences that a shard generates at a time
     */
    public ParallelGenerator generator(SamplingSettings sampling, int batch) {
        return generator(sampling, batch, maxFrames());
    }

    /**
     * Allocates a generator, which the caller closes.
     *
     * @param batch sequences that a shard generates at a time
     * @param frames the most frames of a sequence, up to {@link #maxFrames}
     */
    public ParallelGenerator generator(SamplingSettings sampling, int batch, int frames) {
        return new ParallelGenerator(
                replicas,
                tokenizer,
                new Generator.Settings(batch, frames, tokenizer.capacity(), sampling, codec.endCode()));
    }

    @Override
    public void close() {
        tokenizer.close();
        codec.close();
    }
}
