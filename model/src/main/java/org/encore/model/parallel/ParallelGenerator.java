package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generated;
import org.encore.model.decoding.Generator;
import org.encore.model.text.TextBatch;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.DecoderConfig;

/** Lets a model play any number of prompts, in every shard at once. */
public final class ParallelGenerator implements AutoCloseable {
    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final DelayPattern pattern;
    private final int batch;
    private final List<Generator> generators = new ArrayList<>();

    /**
     * Allocates.
     *
     * @param settings sizes of one shard's generator; its batch is how many sequences a shard plays at a time
     */
    public ParallelGenerator(Replicas replicas, TextTokenizer tokenizer, Generator.Settings settings) {
        this.shards = replicas.shards();
        this.tokenizer = tokenizer;
        this.batch = settings.batch();
        DecoderConfig decoder = replicas.model().config().decoder();
        this.pattern = new DelayPattern(decoder.codebooks(), decoder.startToken());
        for (int i = 0; i < shards.count(); i++) {
            generators.add(new Generator(replicas.model(i), settings));
        }
    }

    /**
     * Plays one sequence for each prompt.
     *
     * @param streams randomness of each sequence, by its index; what is played depends on nothing else
     */
    public List<Played> play(List<String> prompts, IntFunction<RandomGenerator> streams) {
        Played[] played = new Played[prompts.size()];
        int chunks = (prompts.size() + batch - 1) / batch;
        shards.run(shard -> {
            for (int chunk = shard; chunk < chunks; chunk += shards.count()) {
                playChunk(generators.get(shard), prompts, streams, chunk * batch, played);
            }
            return null;
        });
        return List.of(played);
    }

    private void playChunk(
            Generator generator,
            List<String> prompts,
            IntFunction<RandomGenerator> streams,
            int first,
            Played[] played) {
        int count = Math.min(batch, prompts.size() - first);
        List<String> texts = new ArrayList<>();
        List<RandomGenerator> randomness = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            // A last chunk that is not full repeats its last prompt; what is played for it is thrown away.
            int index = first + Math.min(b, count - 1);
            texts.add(prompts.get(index));
            randomness.add(streams.apply(index));
        }
        TextBatch text = tokenizer.batch(texts);
        Generated generated = generator.generate(text, randomness);
        for (int b = 0; b < count; b++) {
            int steps = generated.steps()[b];
            int[][] codes = generated.codes()[b].clone();
            for (int k = 0; k < codes.length; k++) {
                codes[k] = Arrays.copyOf(codes[k], pattern.frames(steps));
            }
            played[first + b] = new Played(codes, Arrays.copyOf(generated.logProbs()[b], steps));
        }
    }

    @Override
    public void close() {
        generators.forEach(Generator::close);
    }
}
