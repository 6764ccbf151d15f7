package org.encore.trainer.planning;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.PackedDecoder;
import org.encore.model.transformer.Parameters;
import org.encore.trainer.finetuning.FineTuneSettings;

/**
 * What this machine computes in a second, with all shards at work, on blocks of a model's width.
 *
 * <p>Two decoders of that width, of {@value #FEW} and of {@value #MORE} blocks, run the passes and the generation of a run on short
 * sequences. Their difference is the time of blocks; the rest is that of heads and sampling.
 *
 * @param forward operations a second of blocks in a pass forward
 * @param backward the same operations a second in a pass backward, which has more
 * @param heads operations a second of what is not blocks, in a pass of either direction
 * @param decodingBytes bytes a second that the blocks of one shard read in generation
 * @param decodingOverhead seconds of a step of generation that are not of blocks
 * @param headOperations operations of the measured heads, by row
 */
public record MachineRates(
        double forward,
        double backward,
        double heads,
        double decodingBytes,
        double decodingOverhead,
        double headOperations) {
    private static final int FEW = 1;
    private static final int MORE = 3;
    private static final int STEPS = 128;
    private static final int FRAMES = 24;
    private static final int TOKENS = 16;
    private static final int REPETITIONS = 3;
    /** Of all repetitions together: those of small models are short, and compiled late. */
    private static final double LEAST_SECONDS = 0.25;
    /** A difference of two times may be lost in noise; then a block takes at least this share of all. */
    private static final double LEAST_SHARE = 0.05;

    /** Seconds of a pass forward, of one backward, and of a step of generation. */
    private record Seconds(double forward, double backward, double step) {}

    /**
     * Measures, which takes some seconds.
     *
     * @param shards of the run
     */
    public static MachineRates measure(FineTuneSettings settings, ModelConfig config, Shards shards) {
        IterationCost cost = new IterationCost(settings, config, Optional.empty(), ActivationCheckpointing.KEPT);
        int slots = cost.atOnce(settings.rollout().samples());
        Seconds few = new Probe(settings, sized(config, FEW), shards, slots).measure();
        Seconds more = new Probe(settings, sized(config, MORE), shards, slots).measure();
        int branches = settings.rollout().isGuided() ? 2 : 1;
        double rows = (double) shards.count() * settings.compute().microBatch() * branches * STEPS;
        double blocks = rows * IterationCost.blockOperations(sized(config, MORE - FEW), STEPS);
        double forward = blocks(few.forward(), more.forward());
        double backward = blocks(few.backward(), more.backward());
        double step = blocks(few.step(), more.step());
        double bytes = IterationCost.blockBytes(
                sized(config, MORE - FEW), settings.rollout().packing(), branches * slots, FRAMES / 2.0);
        double share = (double) FEW / (MORE - FEW);
        double rest = few.forward() + few.backward() - share * (forward + backward);
        double least = LEAST_SHARE * (few.forward() + few.backward());
        double heads = 2.0 * rows * IterationCost.headOperations(config) / Math.max(rest, least);
        return new MachineRates(
                blocks / forward,
                blocks / backward,
                heads,
                bytes / step,
                Math.max(few.step() - share * step, LEAST_SHARE * few.step()),
                IterationCost.headOperations(config));
    }

    /** Seconds of the blocks that {@code more} has and {@code few} has not. */
    private static double blocks(double few, double more) {
        return Math.max(more - few, LEAST_SHARE * more);
    }

    /** A decoder of the model's width with few blocks, and next to no text encoder. */
    private static ModelConfig sized(ModelConfig config, int layers) {
        DecoderConfig d = config.decoder();
        DecoderConfig decoder = new DecoderConfig(
                d.vocabulary(),
                d.codebooks(),
                d.width(),
                d.feedForward(),
                layers,
                d.heads(),
                Math.max(STEPS, FRAMES + d.codebooks()),
                d.activation(),
                d.audioChannels());
        return config.readsText()
                ? new ModelConfig(
                        new TextEncoderConfig(TOKENS, 8, 8, 8, 1, 1, 4, 16, 1e-6), decoder, ModelConfig.Head.CODES)
                : ModelConfig.withoutText(decoder, ModelConfig.Head.CODES);
    }

    /** One of the decoders. Weights are zero: time does not depend on them. */
    private static final class Probe {
        private final FineTuneSettings settings;
        private final Shards shards;
        private final Replicas replicas;
        private final int slots;

        Probe(FineTuneSettings settings, ModelConfig config, Shards shards, int slots) {
            this.settings = settings;
            this.shards = shards;
            this.slots = slots;
            MusicTransformer base = new MusicTransformer(shards.kernels(0), config);
            MusicTransformer model = settings.policy()
                    .lora()
                    .map(lora -> base.withAdapters(lora, ModelConfig.Head.CODES))
                    .orElse(base);
            this.replicas = new Replicas(shards, model);
        }

        Seconds measure() {
            ModelBatch batch = batch();
            boolean guided = settings.rollout().isGuided();
            BatchShape capacity = guided ? batch.shape().twice() : batch.shape();
            List<Activations> activations = shards.run(shard -> new Activations(
                    shards.kernels(shard),
                    replicas.model().config(),
                    capacity,
                    ActivationCheckpointing.KEPT,
                    TextEncoding.GIVEN));
            List<Parameters> gradients =
                    shards.run(shard -> replicas.model(shard).zerosLike());
            double forward = fastest(shard -> replicas.model(shard).forward(activations.get(shard), batch));
            double backward = fastest(shard ->
                    replicas.model(shard).backwardWithoutText(activations.get(shard), batch, gradients.get(shard)));
            return new Seconds(forward, backward, step());
        }

        private ModelBatch batch() {
            ModelConfig config = replicas.model().config();
            int sequences = settings.compute().microBatch();
            int tokens = config.readsText() ? TOKENS : 0;
            BatchShape shape = new BatchShape(sequences, STEPS, tokens);
            float[] validity = new float[shape.textRows()];
            Arrays.fill(validity, 1.0f);
            int[][] inputs = new int[config.decoder().codebooks()][shape.rows()];
            ModelBatch batch = new ModelBatch(shape, new int[shape.textRows()], validity, inputs);
            // Models without text take no states, and no text encoder either.
            float[] states =
                    new float[Math.max(shape.textRows() * config.decoder().width(), 1)];
            return batch.withTextStates(states).guided(settings.rollout().guidanceScale());
        }

        /** Seconds of a step of generation. */
        private double step() {
            PackedDecoder weights =
                    new PackedDecoder(replicas.model(), settings.rollout().packing());
            SamplingSettings sampling =
                    new SamplingSettings(1.0, 0, 1.0, settings.rollout().guidanceScale());
            Generator.Settings sizes = new Generator.Settings(
                    slots,
                    FRAMES,
                    replicas.model().config().readsText() ? TOKENS : 0,
                    sampling,
                    OptionalInt.empty(),
                    settings.rollout().packing());
            List<Generator> generators = shards.run(shard -> new Generator(replicas.model(shard), weights, sizes));
            double seconds = fastest(shard -> generators.get(shard).generate(new Prompts(sizes), slots));
            generators.forEach(Generator::close);
            return seconds
                    / DelayPattern.of(replicas.model().config().decoder()).steps(FRAMES);
        }

        /** The least seconds of some repetitions, of which the first warms up. */
        private double fastest(IntConsumer task) {
            double least = Double.POSITIVE_INFINITY;
            long begin = System.nanoTime();
            for (int i = 0; i < REPETITIONS || (System.nanoTime() - begin) / 1e9 < LEAST_SECONDS; i++) {
                long start = System.nanoTime();
                shards.each(task);
                least = Math.min(least, (System.nanoTime() - start) / 1e9);
            }
            return least;
        }
    }

    /** As many prompts as a shard has slots. */
    private static final class Prompts implements PromptQueue {
        private final Generator.Settings sizes;
        private final AtomicInteger taken = new AtomicInteger();

        Prompts(Generator.Settings sizes) {
            this.sizes = sizes;
        }

        @Override
        public Optional<Item> next() {
            int index = taken.getAndIncrement();
            if (index >= sizes.batch()) {
                return Optional.empty();
            }
            float[] validity = new float[sizes.textTokens()];
            Arrays.fill(validity, 1.0f);
            return Optional.of(new Item(
                    index, new int[sizes.textTokens()], validity, new RandomStreams(0).stream(Purpose.NOISE, index)));
        }

        @Override
        public void complete(int index, int[][] codes, double[] logProbs) {}
    }
}
