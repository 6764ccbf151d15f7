package org.encore.model.decoding;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.model.kernels.Tensor;
import org.encore.model.text.TextBatch;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.MusicTransformer;

/**
 * Lets a model play: batched, with a key/value cache, the delay pattern and classifier-free guidance.
 *
 * <p>With guidance γ the logits are {@code null + γ (text - null)} (Ho and Salimans 2022), from one batch of twice the size.
 * A sequence ends with the codec's end code, which only a codec of one codebook has.
 */
public final class Generator implements AutoCloseable {
    private final MusicTransformer model;
    private final DelayPattern pattern;
    private final Settings settings;
    private final IncrementalDecoder decoder;
    private final Sampler sampler;

    /**
     * Sizes and choices of a generator.
     *
     * @param batch sequences B
     * @param frames the most frames F of a sequence
     * @param textTokens the most text tokens S of a prompt
     * @param sampling how codes are chosen
     * @param endCode the code that ends a sequence, if there is one
     */
    public record Settings(int batch, int frames, int textTokens, SamplingSettings sampling, OptionalInt endCode) {
        public Settings {
            if (batch < 1 || frames < 1 || textTokens < 0) {
                throw new IllegalArgumentException(
                        "batch and frames must be at least 1 and textTokens at least 0, but are " + batch + ", "
                                + frames + " and " + textTokens);
            }
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
        this.model = model;
        this.settings = settings;
        int vocabulary = model.config().decoder().vocabulary();
        this.pattern = new DelayPattern(
                model.config().decoder().codebooks(), model.config().decoder().startToken());
        if (settings.endCode().isPresent() && pattern.codebooks() > 1) {
            throw new IllegalArgumentException(
                    "an end code needs a single codebook, but the model has " + pattern.codebooks());
        }
        if (settings.guided() && !model.config().readsText()) {
            throw new IllegalArgumentException("guidanceScale is "
                    + settings.sampling().guidanceScale() + ", but must be 1: the model reads no text to be guided by");
        }
        int rows = settings.guided() ? 2 * settings.batch() : settings.batch();
        this.decoder = new IncrementalDecoder(model, rows, pattern.steps(settings.frames()), settings.textTokens());
        this.sampler = new Sampler(settings.sampling(), vocabulary);
    }

    /**
     * Plays one sequence for each prompt.
     *
     * @param prompts as many as the batch
     * @param streams the randomness of each sequence
     * @throws IllegalArgumentException if there are more or fewer prompts or streams than the batch
     */
    public Generated generate(TextBatch prompts, List<RandomGenerator> streams) {
        if (prompts.batch() != settings.batch() || streams.size() != settings.batch()) {
            throw new IllegalArgumentException("the generator plays " + settings.batch() + " sequences, but got "
                    + prompts.batch() + " prompts and " + streams.size() + " streams");
        }
        TextBatch text = settings.guided() ? prompts.followedBy(prompts.withoutText()) : prompts;
        decoder.start(text.ids(), text.validity());
        Run run = new Run();
        for (int step = 0; step < run.totalSteps && !run.allEnded(); step++) {
            run.sampleStep(step, decoder.step(run.inputs), streams);
        }
        return run.result();
    }

    /** The state of one call. */
    private final class Run {
        private final int codebooks = pattern.codebooks();
        private final int totalSteps = pattern.steps(settings.frames());
        private final int[][] inputs = new int[codebooks][decoder.batch()];
        private final int[][][] targets = new int[settings.batch()][codebooks][totalSteps];
        private final double[][] logProbs = new double[settings.batch()][totalSteps];
        private final int[] steps = new int[settings.batch()];
        private int ended;

        Run() {
            for (int[] row : inputs) {
                Arrays.fill(row, pattern.startToken());
            }
            for (int b = 0; b < settings.batch(); b++) {
                Arrays.fill(logProbs[b], Double.NaN);
                for (int[] row : targets[b]) {
                    Arrays.fill(row, settings.endCode().orElse(pattern.startToken()));
                }
            }
        }

        boolean allEnded() {
            return ended == settings.batch();
        }

        void sampleStep(int step, List<Tensor> logits, List<RandomGenerator> streams) {
            for (int k = 0; k < codebooks; k++) {
                float[] rows = model.kernels().readFloats(logits.get(k));
                for (int b = 0; b < settings.batch(); b++) {
                    if (steps[b] == 0) {
                        int id = sample(rows, b, k, step, streams.get(b));
                        inputs[k][b] = id;
                        if (settings.guided()) {
                            inputs[k][settings.batch() + b] = id;
                        }
                    }
                }
            }
            for (int b = 0; b < settings.batch(); b++) {
                boolean last = step == totalSteps - 1;
                if (steps[b] == 0 && (last || settings.endCode().orElse(-1) == targets[b][0][step])) {
                    steps[b] = step + 1;
                    ended++;
                }
            }
        }

        private int sample(float[] rows, int b, int k, int step, RandomGenerator stream) {
            if (!pattern.hasCode(k, step, settings.frames())) {
                return pattern.startToken();
            }
            int vocabulary = model.config().decoder().vocabulary();
            int offset = b * vocabulary;
            if (settings.guided()) {
                int nullOffset = (settings.batch() + b) * vocabulary;
                for (int v = 0; v < vocabulary; v++) {
                    float base = rows[nullOffset + v];
                    rows[offset + v] = base + (float) settings.sampling().guidanceScale() * (rows[offset + v] - base);
                }
            }
            int code = sampler.sample(rows, offset, stream.nextDouble());
            double before = Double.isNaN(logProbs[b][step]) ? 0.0 : logProbs[b][step];
            logProbs[b][step] = before + sampler.logProb();
            targets[b][k][step] = code;
            return code;
        }

        Generated result() {
            int[][][] codes = new int[settings.batch()][][];
            for (int b = 0; b < settings.batch(); b++) {
                codes[b] = pattern.codes(targets[b]);
            }
            return new Generated(codes, logProbs, steps);
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
