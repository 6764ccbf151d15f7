package org.encore.trainer.finetuning;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.PackedDecoder;
import org.encore.model.transformer.Parameters;

/**
 * A checksum of what kernels compute: generation, a pass forward and one backward of a decoder of one block, as wide as that of a
 * run, on the same random numbers everywhere. BLAS picks its loops by the processor, so processors of different kinds differ in it.
 */
final class ShardProbe {
    private static final int SEQUENCES = 2;
    private static final int STEPS = 32;
    private static final int FRAMES = 12;

    private final CRC32C sum = new CRC32C();

    private ShardProbe() {}

    /** The checksum, in hexadecimal. */
    static String of(ModelConfig config, Packing packing, Kernels kernels) {
        DecoderConfig d = config.decoder();
        DecoderConfig one = new DecoderConfig(
                d.vocabulary(),
                d.codebooks(),
                d.width(),
                d.feedForward(),
                1,
                d.heads(),
                STEPS + d.codebooks(),
                d.activation(),
                d.audioChannels());
        MusicTransformer model = new MusicTransformer(kernels, ModelConfig.withoutText(one, ModelConfig.Head.CODES));
        Initialisation.randomise(model, new RandomStreams(1));
        ShardProbe probe = new ShardProbe();
        probe.pass(model);
        probe.generation(model, packing);
        return Long.toHexString(probe.sum.getValue());
    }

    private void pass(MusicTransformer model) {
        int codebooks = model.config().decoder().codebooks();
        int vocabulary = model.config().decoder().vocabulary();
        int[][] codes = new int[codebooks][SEQUENCES * STEPS];
        for (int k = 0; k < codebooks; k++) {
            for (int row = 0; row < codes[k].length; row++) {
                codes[k][row] = (row * 31 + k * 17) % vocabulary;
            }
        }
        BatchShape shape = new BatchShape(SEQUENCES, STEPS, 0);
        ModelBatch batch = new ModelBatch(shape, new int[0], new float[0], codes);
        Activations activations = new Activations(
                model.kernels(), model.config(), shape, ActivationCheckpointing.KEPT, TextEncoding.GIVEN);
        model.forward(activations, batch);
        List<Tensor> logits = model.logits(activations, batch);
        for (int k = 0; k < codebooks; k++) {
            RowStatistics statistics = new RowStatistics(shape.rows());
            model.kernels().policyRows(logits.get(k), 1.0, codes[k], null, statistics);
            RowCoefficients by = new RowCoefficients(shape.rows());
            Arrays.fill(by.byLogProb(), -1.0 / shape.rows());
            model.kernels().policyRowsGradient(logits.get(k), 1.0, codes[k], null, statistics, by);
            add(statistics.logProbs());
        }
        Parameters gradient = model.zerosLike();
        model.backwardWithoutText(activations, batch, gradient);
        add(model.kernels().readDoubles(gradient.flat()));
    }

    private void generation(MusicTransformer model, Packing packing) {
        Generator.Settings sizes = new Generator.Settings(
                SEQUENCES, FRAMES, 0, new SamplingSettings(1.0, 0, 1.0, 1.0), OptionalInt.empty(), packing);
        try (Generator generator = new Generator(model, new PackedDecoder(model, packing), sizes)) {
            generator.generate(new Prompts(), SEQUENCES);
        }
    }

    private void add(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        sum.update(bytes);
    }

    /** As many sequences as the generator has slots. */
    private final class Prompts implements PromptQueue {
        private int taken;

        @Override
        public Optional<Item> next() {
            if (taken == SEQUENCES) {
                return Optional.empty();
            }
            int index = taken++;
            return Optional.of(
                    new Item(index, new int[0], new float[0], new RandomStreams(1).stream(Purpose.NOISE, index)));
        }

        @Override
        public void complete(int index, int[][] codes, double[] logProbs) {
            add(logProbs);
        }
    }
}
