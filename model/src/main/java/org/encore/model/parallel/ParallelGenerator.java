package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.PackedDecoder;

/** Generates completions for any number of prompts, in all shards at once. */
public final class ParallelGenerator implements AutoCloseable {
    /**
     * A sequence to generate.
     *
     * @param prompt its description; empty hides the text, as the null branch of guidance does
     * @param prefix codes to continue, {@code [K][P]}; they come first in the completion; empty for none
     * @param frames the most frames of the completion, the prefix included; the generator's where those are fewer
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Request(Optional<String> prompt, int[][] prefix, int frames) {
        /** A sequence from the beginning, as long as the generator's. */
        public Request(String prompt) {
            this(Optional.of(prompt), new int[0][], Integer.MAX_VALUE);
        }

        /** A sequence as long as the generator's. */
        public Request(Optional<String> prompt, int[][] prefix) {
            this(prompt, prefix, Integer.MAX_VALUE);
        }
    }

    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final int batch;
    private final PackedDecoder weights;
    private final boolean rowsAreIndependent;
    private final List<Generator> generators = new ArrayList<>();

    /**
     * Allocates.
     *
     * @param settings sizes of one shard's generator; its batch is the number of sequences that a shard generates at a time
     */
    public ParallelGenerator(Replicas replicas, TextTokenizer tokenizer, Generator.Settings settings) {
        this.shards = replicas.shards();
        this.tokenizer = tokenizer;
        this.batch = settings.batch();
        this.weights = new PackedDecoder(replicas.model(), settings.packing());
        this.rowsAreIndependent = replicas.model().kernels().decoding().rowsAreIndependent();
        for (int i = 0; i < shards.count(); i++) {
            generators.add(new Generator(replicas.model(i), weights, settings));
        }
    }

    /**
     * Generates one sequence for each prompt with the current weights.
     *
     * @param streams randomness of each sequence, by its index; the results depend on nothing else, up to rounding if the rows of a product influence each other
     */
    public List<Completion> generate(List<String> prompts, IntFunction<RandomGenerator> streams) {
        return generateReporting(prompts, streams, done -> {});
    }

    /** {@link #generate(List, IntFunction)} with a report of each sequence, as below. */
    public List<Completion> generateReporting(
            List<String> prompts, IntFunction<RandomGenerator> streams, IntConsumer completed) {
        return generateReporting(
                prompts.stream().map(Request::new).toList(), streams, SequenceTap.Source.NONE, completed);
    }

    /**
     * {@link #generate(List, IntFunction, SequenceTap.Source)} with a report of each sequence.
     *
     * @param completed is told how many sequences have ended, after each; one call at a time, by the threads of the shards
     */
    public List<Completion> generateReporting(
            List<Request> requests,
            IntFunction<RandomGenerator> streams,
            SequenceTap.Source taps,
            IntConsumer completed) {
        return generate(requests, streams, new Listeners(sequences -> {}, completed), taps);
    }

    /**
     * {@link #generate(List, IntFunction)} from given beginnings and of given lengths.
     *
     * @param stepped is told of each step, with the number of sequences that took it, by the threads of the shards
     */
    public List<Completion> generate(
            List<Request> requests, IntFunction<RandomGenerator> streams, IntConsumer stepped) {
        return generate(requests, streams, new Listeners(stepped, done -> {}), SequenceTap.Source.NONE);
    }

    /**
     * {@link #generate(List, IntFunction)} from given beginnings, with a tap on each shard.
     *
     * @param taps opened once a shard
     */
    public List<Completion> generate(
            List<Request> requests, IntFunction<RandomGenerator> streams, SequenceTap.Source taps) {
        return generateReporting(requests, streams, taps, done -> {});
    }

    private List<Completion> generate(
            List<Request> requests,
            IntFunction<RandomGenerator> streams,
            Listeners listeners,
            SequenceTap.Source taps) {
        weights.refresh();
        List<TextBatch> texts = new ArrayList<>();
        for (Request request : requests) {
            // One by one: a completion must not depend on the length of other prompts.
            TextBatch text = tokenizer.batch(List.of(request.prompt().orElse("")));
            texts.add(request.prompt().isPresent() ? text : text.withoutText());
        }
        Completion[] completions = new Completion[requests.size()];
        int atOnce = Math.min(batch, (requests.size() + shards.count() - 1) / shards.count());
        AtomicInteger taken = new AtomicInteger();
        shards.run(shard -> {
            IntSupplier order = rowsAreIndependent ? taken::getAndIncrement : everyNth(shard, shards.count());
            Prompts queue = new Prompts(requests, texts, streams, order, completions, listeners);
            generators.get(shard).generate(queue, atOnce, taps.open(shards.kernels(shard), batch));
            return null;
        });
        return List.of(completions);
    }

    /**
     * A fixed assignment of prompts to shards: if rows of a product influence each other's rounding, batches must not depend on the speed of the shards.
     */
    private static IntSupplier everyNth(int first, int step) {
        AtomicInteger next = new AtomicInteger(first);
        return () -> next.getAndAdd(step);
    }

    /** The prompts of one shard. */
    @SuppressWarnings("ArrayRecordComponent") // lives as long as one call
    private record Prompts(
            List<Request> requests,
            List<TextBatch> texts,
            IntFunction<RandomGenerator> streams,
            IntSupplier order,
            Completion[] completions,
            Listeners listeners)
            implements PromptQueue {
        @Override
        public Optional<Item> next() {
            int index = order.getAsInt();
            if (index >= texts.size()) {
                return Optional.empty();
            }
            TextBatch text = texts.get(index);
            Request request = requests.get(index);
            return Optional.of(new Item(
                    index, text.ids(), text.validity(), request.prefix(), request.frames(), streams.apply(index)));
        }

        @Override
        public void stepped(int sequences) {
            listeners.stepped.accept(sequences);
        }

        @Override
        public void complete(int index, int[][] codes, double[] logProbs) {
            completions[index] = new Completion(codes, logProbs);
            listeners.sequenceEnded();
        }
    }

    /** Who is told of steps, and of ends. */
    private static final class Listeners {
        private final IntConsumer stepped;
        private final IntConsumer completed;
        private int ended;

        Listeners(IntConsumer stepped, IntConsumer completed) {
            this.stepped = stepped;
            this.completed = completed;
        }

        synchronized void sequenceEnded() {
            ended++;
            completed.accept(ended);
        }
    }

    @Override
    public void close() {
        generators.forEach(Generator::close);
    }
}
