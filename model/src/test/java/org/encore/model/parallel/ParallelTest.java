package org.encore.model.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.WindowedGenerator.Windows;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.TextTokenizer.TextBatch;
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

    /**
     * 21 frames in windows of 8 that move on by 5, from a beginning of 3, of 8 or of 11 frames: what generators of exactly each
     * window's length give when each continues the last 3 frames of the one before. Sampled, so that streams matter too.
     */
    @Test
    void aLongPieceIsMadeOfWindowsThatOverlap() throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "b", "c"), directory);
        RandomStreams streams = new RandomStreams(7);
        try (Shards shards = new Shards(2, 2, ParallelTest::kernels);
                TextTokenizer tokenizer = TextTokenizer.load(directory, 8)) {
            MusicTransformer model = TinyModels.random(shards.kernels(0), TinyModels.config(3, Head.CODES), 8);
            DelayPattern pattern = DelayPattern.of(model.config().decoder());
            try (ParallelGenerator generator =
                    new ParallelGenerator(new Replicas(shards, model), tokenizer, settings(2, 8))) {
                WindowedGenerator windowed = new WindowedGenerator(generator, pattern, new Windows(8, 5));
                for (int given : new int[] {0, 3, 8, 11}) {
                    int[][] prefix = beginning(given);
                    AtomicLong steps = new AtomicLong();
                    List<int[][]> pieces = windowed.generate(
                            PROMPTS,
                            prefix,
                            21,
                            i -> streams.stream(RandomStreams.Purpose.SAMPLING, i),
                            done -> steps.accumulateAndGet(done, Math::max));
                    for (int i = 0; i < PROMPTS.size(); i++) {
                        assertArrayEquals(
                                byHand(
                                        model,
                                        tokenizer.batch(List.of(PROMPTS.get(i))),
                                        prefix,
                                        streams.stream(RandomStreams.Purpose.SAMPLING, i)),
                                pieces.get(i));
                    }
                    assertEquals(PROMPTS.size() * windowed.steps(given, 21), steps.get());
                }
            }
        }
        assertEquals(
                "the stride is 8 frames, but must lie in [1, 7]: shorter than a window of 8",
                assertThrows(IllegalArgumentException.class, () -> new Windows(8, 8))
                        .getMessage());
    }

    private static Generator.Settings settings(int batch, int frames) {
        return new Generator.Settings(batch, frames, 8, SamplingSettings.defaults(), OptionalInt.empty());
    }

    private static int[][] beginning(int frames) {
        int[][] codes = new int[3][frames];
        for (int i = 0; i < 3 * frames; i++) {
            codes[i % 3][i / 3] = i * i % 5;
        }
        return codes;
    }

    /** The windows written out. */
    private static int[][] byHand(MusicTransformer model, TextBatch text, int[][] prefix, RandomGenerator random) {
        int[][] piece = prefix;
        int kept = prefix[0].length < 8 ? prefix[0].length : 3;
        while (piece[0].length < 21) {
            int length = Math.min(8, 21 - piece[0].length + kept);
            int[][] context = new int[3][];
            for (int k = 0; k < 3; k++) {
                context[k] = Arrays.copyOfRange(piece[k], piece[k].length - kept, piece[k].length);
            }
            try (Generator generator = new Generator(model, settings(1, length))) {
                int[][] window = generator.generate(text, List.<int[][]>of(context), List.of(random))
                        .codes()[0];
                int[][] longer = new int[3][];
                for (int k = 0; k < 3; k++) {
                    assertArrayEquals(context[k], Arrays.copyOf(window[k], kept));
                    longer[k] = IntStream.concat(Arrays.stream(piece[k]), Arrays.stream(window[k], kept, length))
                            .toArray();
                }
                piece = longer;
            }
            kept = 3;
        }
        return piece;
    }
}
