package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.Clip;

/** Generates completions with a checkpoint on the shards of this machine. */
public final class GenerationPipeline implements AutoCloseable {
    private static final int MOST_PER_SHARD = 16;

    private final Shards shards;
    private final PretrainedModel model;

    private GenerationPipeline(Shards shards, PretrainedModel model) {
        this.shards = shards;
        this.model = model;
    }

    /**
     * Loads a checkpoint.
     *
     * @param path as given; also searched in the directory of Encore
     * @param count number of completions generated at once, at least 1
     */
    public static GenerationPipeline load(Path path, int count) throws IOException {
        CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(path));
        Shards shards = Machine.shards(Math.min(2, count));
        try {
            return new GenerationPipeline(shards, PretrainedModel.open(checkpoint, shards));
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** The model, with its tokenizer and codec. */
    public PretrainedModel model() {
        return model;
    }

    /**
     * Generates one completion for each prompt.
     *
     * @param streams random stream of each completion, by the index of its prompt
     */
    public List<Completion> generate(
            List<String> prompts, SamplingSettings sampling, IntFunction<RandomGenerator> streams) {
        int batch = Math.min(MOST_PER_SHARD, (prompts.size() + shards.count() - 1) / shards.count());
        try (ParallelGenerator generator = model.generator(sampling, batch)) {
            return generator.generate(prompts, streams);
        }
    }

    /**
     * {@link #generate(List, SamplingSettings, IntFunction)} from given beginnings and with taps, such as steering.
     *
     * @param streams random stream of each completion, by the index of its request
     */
    public List<Completion> generate(
            List<Request> requests,
            SamplingSettings sampling,
            IntFunction<RandomGenerator> streams,
            SequenceTap.Source taps) {
        int batch = Math.min(MOST_PER_SHARD, (requests.size() + shards.count() - 1) / shards.count());
        try (ParallelGenerator generator = model.generator(sampling, batch)) {
            return generator.generate(requests, streams, taps);
        }
    }

    /** Decodes codes; sound of a neural codec is rendered at once, because the codec is closed with this pipeline. */
    public Clip clip(int[][] codes) {
        Clip clip = model.codec().decode(codes);
        if (clip.piece().isEmpty()) {
            clip.waveform();
        }
        return clip;
    }

    @Override
    public void close() {
        model.close();
        shards.close();
    }
}
