package org.encore.model.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.PromptQueue.WholeBatch;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.IncrementalDecoder.StepRows;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.PackedDecoder;

/**
 * Batched generation with a key/value cache, the delay pattern and classifier-free guidance.
 *
 * <p>With guidance γ the logits are {@code null + γ (text - null)} (Ho and Salimans 2022), from one batch of twice the size.
 * A sequence ends with the codec's end code, which only a codec of one codebook has.
 */
public final class Generator implements AutoCloseable {
    private final MusicTransformer model;
    private final DelayPattern pattern;
    private final Settings settings;
    private final PackedDecoder weights;
    private final IncrementalDecoder decoder;
    private final Sampler sampler;
    private final List<ActiveSequence> active = new ArrayList<>();
    private final float[] logits;
    private final float[] unguided;

    /**
     * Settings of a generator.
     *
     * @param batch sequences B
     * @param frames the most frames F of a sequence
     * @param textTokens the most text tokens S of a prompt
     * @param sampling sampling of codes
     * @param endCode the code that ends a sequence, if there is one
     * @param packing number format of weights, keys and values
     */
    public record Settings(
            int batch, int frames, int textTokens, SamplingSettings sampling, OptionalInt endCode, Packing packing) {
        public Settings {
            if (batch < 1 || frames < 1 || textTokens < 0) {
                throw new IllegalArgumentException(
                        "batch and frames must be at least 1 and textTokens at least 0, but are " + batch + ", "
                                + frames + " and " + textTokens);
            }
        }

        /** With weights, keys and values in int16. */
        public Settings(int batch, int frames, int textTokens, SamplingSettings sampling, OptionalInt endCode) {
            this(batch, frames, textTokens, sampling, endCode, Packing.INT16);
        }

        boolean guided() {
            return sampling.guidanceScale() != 1.0;
        }
    }

    /**
     * Allocates for sequences of up to the given size.
     *
     * @throws IllegalArgumentException if the model has too few positions, several codebooks and an end code, or guidance
     *     without text
     */
    public Generator(MusicTransformer model, Settings settings) {
        this(model, new PackedDecoder(model, settings.packing()), settings);
    }

    /** Shares packed weights with other generators of the same model. */
    public Generator(MusicTransformer model, PackedDecoder weights, Settings settings) {
        this.model = model;
        this.settings = settings;
        this.pattern = DelayPattern.of(model.config().decoder());
        if (settings.endCode().isPresent() && pattern.codebooks() > 1) {
            throw new IllegalArgumentException(
                    "an end code needs a single codebook, but the model has " + pattern.codebooks());
        }
        if (settings.guided() && !model.config().readsText()) {
            throw new IllegalArgumentException("guidanceScale is "
                    + settings.sampling().guidanceScale() + ", but must be 1: the model reads no text");
        }
        int rows = settings.guided() ? 2 * settings.batch() : settings.batch();
        this.weights = weights;
        this.decoder = new IncrementalDecoder(
                model,
                weights,
                new IncrementalDecoder.Capacity(
                        rows, pattern.steps(settings.frames()), settings.textTokens(), settings.packing()));
        int vocabulary = model.config().decoder().vocabulary();
        this.sampler =
                new Sampler(settings.sampling(), vocabulary, model.kernels().decoding());
        this.logits = new float[vocabulary];
        this.unguided = new float[vocabulary];
    }

    /** Packs the model's current weights; no generator that shares them may run meanwhile. */
    public void refresh() {
        weights.refresh();
    }

    /**
     * Generates one sequence for each prompt with the current weights.
     *
     * @param prompts as many as the batch
     * @param streams the randomness of each sequence
     * @throws IllegalArgumentException if there are more or fewer prompts or streams than the batch
     */
    public Generated generate(TextBatch prompts, List<RandomGenerator> streams) {
        return generate(prompts, List.of(), streams);
    }

    /**
     * {@link #generate(TextBatch, List)} from given beginnings.
     *
     * @param prefixes codes to continue, {@code [B][K][P]}; empty for none
     */
    public Generated generate(TextBatch prompts, List<int[][]> prefixes, List<RandomGenerator> streams) {
        if (prompts.batch() != settings.batch() || streams.size() != settings.batch()) {
            throw new IllegalArgumentException("the generator has a batch of " + settings.batch()
                    + " sequences, but got " + prompts.batch() + " prompts and " + streams.size() + " streams");
        }
        refresh();
        int padding = settings.endCode().orElse(pattern.startToken());
        WholeBatch batch = new WholeBatch(prompts, prefixes, streams, pattern, settings.frames(), padding);
        generate(batch, settings.batch());
        return batch.result();
    }

    /**
     * Generates all sequences of a queue: as soon as one ends, the next takes its slot (continuous batching).
     *
     * @param atOnce sequences generated at the same time, at most the batch
     */
    public void generate(PromptQueue queue, int atOnce) {
        generate(queue, atOnce, SequenceTap.NONE);
    }

    /** {@link #generate(PromptQueue, int)} with a tap. */
    public void generate(PromptQueue queue, int atOnce, SequenceTap tap) {
        Deque<Integer> free = new ArrayDeque<>();
        for (int slot = 0; slot < Math.min(atOnce, settings.batch()); slot++) {
            free.add(slot);
        }
        active.clear();
        fill(queue, free, tap);
        while (!active.isEmpty()) {
            step(tap);
            queue.stepped(active.size());
            if (retire(queue, free)) {
                fill(queue, free, tap);
            }
        }
    }

    private void fill(PromptQueue queue, Deque<Integer> free, SequenceTap tap) {
        while (!free.isEmpty()) {
            Optional<PromptQueue.Item> item = queue.next();
            if (item.isEmpty()) {
                return;
            }
            int slot = free.remove();
            PromptQueue.Item next = item.get();
            decoder.start(slot, next.textIds(), next.textValidity());
            if (settings.guided()) {
                decoder.start(settings.batch() + slot, next.textIds(), new float[next.textValidity().length]);
            }
            active.add(new ActiveSequence(pattern, next, Math.min(next.frames(), settings.frames()), slot));
            tap.start(slot, next);
        }
    }

    /** Delivers the sequences that have ended; true if there were any. */
    private boolean retire(PromptQueue queue, Deque<Integer> free) {
        boolean any = false;
        for (int i = active.size() - 1; i >= 0; i--) {
            ActiveSequence sequence = active.get(i);
            if (sequence.endsStep(settings.endCode())) {
                sequence.deliver(queue);
                free.add(sequence.slot());
                active.remove(i);
                any = true;
            }
        }
        return any;
    }

    /** One step of every active sequence. With guidance the rows without text follow those with it. */
    private void step(SequenceTap tap) {
        int count = active.size();
        StepRows rows = decoder.rows(settings.guided() ? 2 * count : count);
        for (int row = 0; row < rows.count(); row++) {
            ActiveSequence sequence = active.get(row % count);
            rows.slots()[row] = sequence.slot() + (row < count ? 0 : settings.batch());
            for (int k = 0; k < pattern.codebooks(); k++) {
                rows.inputs(k)[row] = sequence.input(k);
            }
        }
        decoder.step(rows, tap);
        for (int k = 0; k < pattern.codebooks(); k++) {
            for (int i = 0; i < count; i++) {
                choose(rows, k, i);
            }
        }
    }

    private void choose(StepRows rows, int codebook, int row) {
        ActiveSequence sequence = active.get(row);
        if (!sequence.wantsCode(codebook)) {
            sequence.rest(codebook);
            return;
        }
        if (sequence.isGiven(codebook)) {
            sequence.append(codebook, sequence.given(codebook), 0.0);
            return;
        }
        DecodingKernels kernels = model.kernels().decoding();
        kernels.read(rows.logits(codebook), row, logits);
        if (settings.guided()) {
            kernels.read(rows.logits(codebook), active.size() + row, unguided);
            float scale = (float) settings.sampling().guidanceScale();
            for (int v = 0; v < logits.length; v++) {
                logits[v] = unguided[v] + scale * (logits[v] - unguided[v]);
            }
        }
        int code = sampler.sample(logits, sequence.uniform());
        sequence.append(codebook, code, sampler.logProb());
    }

    @Override
    public void close() {
        decoder.close();
    }

    /**
     * Generated sequences.
     *
     * @param codes codes of each sequence, {@code [B][K][F]}; frames after the end hold the end code
     * @param logProbs log-probability of each step, summed over its codebooks, as sampled, {@code [B][T]}; NaN after the end
     * @param steps valid steps of each sequence, up to and including the one with the end code, {@code [B]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Generated(int[][][] codes, double[][] logProbs, int[] steps) {}

    /** A sequence in generation: its codes so far and the inputs of its next step. */
    static final class ActiveSequence {
        private final DelayPattern pattern;
        private final PromptQueue.Item item;
        private final int slot;
        private final int[][] targets;
        private final double[] logProbs;
        private final int[] inputs;
        private int steps;

        /**
         * Begins a sequence.
         *
         * @param frames the most frames
         * @param slot its slot in the decoder
         */
        ActiveSequence(DelayPattern pattern, PromptQueue.Item item, int frames, int slot) {
            this.pattern = pattern;
            this.item = item;
            this.slot = slot;
            this.targets = new int[pattern.codebooks()][pattern.steps(frames)];
            this.logProbs = new double[pattern.steps(frames)];
            this.inputs = new int[pattern.codebooks()];
            Arrays.fill(inputs, pattern.startToken());
        }

        int slot() {
            return slot;
        }

        /** Input id of a codebook. */
        int input(int codebook) {
            return inputs[codebook];
        }

        /** A number in [0, 1) from the sequence's own randomness. */
        double uniform() {
            return item.random().nextDouble();
        }

        /** True if this step has a code of the codebook. */
        boolean wantsCode(int codebook) {
            return pattern.hasCode(codebook, steps, pattern.frames(logProbs.length));
        }

        /** True if the prefix has the code of this step. */
        boolean isGiven(int codebook) {
            return item.prefix().length > 0 && pattern.frame(codebook, steps) < item.prefix()[codebook].length;
        }

        /** The code of this step in the prefix. */
        int given(int codebook) {
            return item.prefix()[codebook][pattern.frame(codebook, steps)];
        }

        /** The next input is the start token, because this step has no code. */
        void rest(int codebook) {
            inputs[codebook] = pattern.startToken();
        }

        void append(int codebook, int code, double logProb) {
            inputs[codebook] = code;
            targets[codebook][steps] = code;
            logProbs[steps] += logProb;
        }

        /** Advances to the next step; true if the sequence has ended, by its length or its end code. */
        boolean endsStep(OptionalInt endCode) {
            boolean end = endCode.isPresent() && targets[0][steps] == endCode.getAsInt();
            steps++;
            return end || steps == logProbs.length;
        }

        /** Delivers the completion. */
        void deliver(PromptQueue queue) {
            int[][] generated = new int[targets.length][];
            for (int k = 0; k < generated.length; k++) {
                generated[k] = Arrays.copyOf(targets[k], steps);
            }
            queue.complete(item.index(), pattern.codes(generated), Arrays.copyOf(logProbs, steps));
        }
    }
}
