package org.encore.model.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParallelTest {
    private static final int FRAMES = 8;
    private static final List<String> PROMPTS = List.of("a", "b a", "c", "a b c", "b");

    @TempDir
    Path directory;

    private static Kernels kernels() {
        return new PortableKernels(Precision.SINGLE);
    }

    @Test
    void resultsComeInTheOrderOfShards() {
        try (Shards shards = new Shards(5, 2, ParallelTest::kernels)) {
            assertEquals(List.of(0, 10, 20, 30, 40), shards.run(shard -> 10 * shard));
            assertEquals(5, shards.count());
            assertEquals(
                    5,
                    IntStream.range(0, 5).mapToObj(shards::kernels).distinct().count());
        }
        assertThrows(IllegalArgumentException.class, () -> new Shards(0, 1, ParallelTest::kernels));
        assertThrows(IllegalArgumentException.class, () -> new Shards(1, 0, ParallelTest::kernels));
    }

    @Test
    void everyShardRunsOnceATurn() {
        int[] runs = new int[3];
        Shards shards = new Shards(3, 2, ParallelTest::kernels);
        for (int turn = 0; turn < 100; turn++) {
            shards.each(shard -> runs[shard]++);
        }
        assertArrayEquals(new int[] {100, 100, 100}, runs);
        shards.close();
        assertThrows(IllegalStateException.class, () -> shards.each(shard -> {}));
    }

    @Test
    void aFailureOfAShardIsThrownAndTheOthersGoWithIt() {
        try (Shards shards = new Shards(3, 2, ParallelTest::kernels)) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class,
                    () -> shards.run(shard -> {
                        if (shard > 0) {
                            throw new IllegalArgumentException("shard " + shard);
                        }
                        return shard;
                    }));
            assertEquals("shard 1", e.getMessage());
            assertEquals("shard 2", e.getSuppressed()[0].getMessage());
            assertEquals(List.of(0, 1, 2), shards.run(shard -> shard), "still usable");
        }
    }

    @Test
    void workspacesBelongToTheirShard() {
        try (Shards shards = new Shards(2, 1, ParallelTest::kernels)) {
            BatchShape capacity = new BatchShape(1, 2, 3);
            Workspaces workspaces = new Workspaces(shards, TinyModels.config(1, Head.CODES), capacity);
            assertSame(workspaces.of(1), workspaces.of(1));
            assertEquals(capacity, workspaces.capacity());
        }
    }

    /** One shard or three, one thread or two, batches of one or three: the same completions. */
    @Test
    void whatIsPlayedDoesNotDependOnShardsThreadsOrBatches() throws IOException {
        List<Completion> expected = generate(1, 1, 5);
        assertEquals(PROMPTS.size(), expected.size());
        for (int[] split : new int[][] {{1, 1, 1}, {2, 1, 2}, {2, 2, 2}, {3, 2, 1}, {2, 2, 3}}) {
            List<Completion> actual = generate(split[0], split[1], split[2]);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i).codes(), actual.get(i).codes());
                assertArrayEquals(expected.get(i).logProbs(), actual.get(i).logProbs(), 1e-5);
                assertEquals(expected.get(i).steps(), actual.get(i).codes()[0].length);
            }
        }
    }

    private List<Completion> generate(int count, int threads, int batch) throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "b", "c"), directory);
        Generator.Settings settings =
                new Generator.Settings(batch, FRAMES, 8, SamplingSettings.defaults(), OptionalInt.of(0));
        RandomStreams streams = new RandomStreams(31);
        try (Shards shards = new Shards(count, threads, ParallelTest::kernels);
                TextTokenizer tokenizer = TextTokenizer.load(directory, 8)) {
            MusicTransformer model = TinyModels.random(shards.kernels(0), TinyModels.config(1, Head.CODES), 8);
            Replicas replicas = new Replicas(shards, model);
            assertSame(model, replicas.model());
            try (ParallelGenerator generator = new ParallelGenerator(replicas, tokenizer, settings)) {
                return generator.generate(PROMPTS, i -> streams.stream(RandomStreams.Purpose.SAMPLING, i));
            }
        }
    }
}
