package org.encore.benchmarks.engines;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;

/**
 * A piece of work on a model of a size.
 *
 * <p>Codes are {@code [B·K][F]}: the K codebooks of a sequence are neighbours, laid out by the delay pattern where there are several.
 *
 * @param size of the model
 * @param work what is timed
 */
public record Task(Size size, Work work) {
    /** What both engines must agree on before anything is timed: small, so that it does not show in the peak of memory. */
    public static final Capacity CHECK = new Capacity(4, 64);

    /**
     * A decoder under test.
     *
     * @param decoder its sizes
     * @param textTokens tokens of the text that every sequence reads by cross-attention; 0 for a decoder without
     */
    public record ReferenceModel(DecoderConfig decoder, int textTokens) {
        /** The model around it: what reads the text is small, because nobody times it. */
        public ModelConfig config() {
            return textTokens == 0
                    ? ModelConfig.withoutText(decoder, ModelConfig.Head.CODES)
                    : new ModelConfig(
                            Optional.of(new TextEncoderConfig(64, 32, 8, 64, 1, 4, 32, 128, 1e-6)),
                            decoder,
                            ModelConfig.Head.CODES,
                            Optional.empty());
        }

        DelayPattern pattern() {
            return DelayPattern.of(decoder);
        }

        /** Random codes. Shapes: {@code [B·K][F]} */
        public int[][] codes(Capacity room) {
            return ReferenceWeights.codes(
                    decoder.codebooks() * room.sequences(), pattern().frames(room.steps()), decoder.vocabulary());
        }
    }

    /** Models, and the sequences and steps of each work on them. */
    public enum Size {
        /** 6 blocks of width 256, one codebook, no text. */
        REFERENCE {
            @Override
            public ReferenceModel model() {
                return new ReferenceModel(new DecoderConfig(2048, 1, 256, 1024, 6, 4, 512, Activation.GELU), 0);
            }

            @Override
            Capacity capacity(Work work) {
                return switch (work) {
                    case TRAIN -> new Capacity(8, 512);
                    case DECODE -> new Capacity(16, 512);
                    case ITERATION -> new Capacity(16, 256);
                };
            }
        },
        /** The width of MusicGen small: 4 of its 24 blocks, which are alike, 4 codebooks, a text of 16 tokens. */
        MUSICGEN_SMALL {
            @Override
            public ReferenceModel model() {
                return new ReferenceModel(new DecoderConfig(2048, 4, 1024, 4096, 4, 16, 512, Activation.GELU), 16);
            }

            @Override
            Capacity capacity(Work work) {
                return switch (work) {
                    case TRAIN -> new Capacity(4, 256);
                    case DECODE -> new Capacity(16, 128);
                    case ITERATION -> new Capacity(8, 128);
                };
            }
        };

        /**
         * The size of a name.
         *
         * @param option what names it, for the message
         * @throws IllegalArgumentException if there is none
         */
        public static Size of(String option, String id) {
            return Arrays.stream(values())
                    .filter(each -> each.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(option + " is " + id + ", but must be one of "
                            + Arrays.stream(values()).map(Size::id).collect(Collectors.joining(", "))));
        }

        /** The decoder that the work is done with. */
        public abstract ReferenceModel model();

        abstract Capacity capacity(Work work);

        /** Name on the command line. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Name on the command line. */
    public String id() {
        return work.id();
    }

    private Capacity capacity() {
        return size.capacity(work);
    }

    /** Sequences B. */
    public int sequences() {
        return capacity().sequences();
    }

    /** Steps T of each. */
    public int steps() {
        return capacity().steps();
    }

    /** Codes that one repetition processes, B·K·F. */
    public int tokens() {
        ReferenceModel model = size.model();
        return sequences() * model.decoder().codebooks() * model.pattern().frames(steps());
    }

    /** The largest pass over known codes. */
    public Capacity room() {
        return work == Work.DECODE ? CHECK : capacity();
    }

    /** Codes to do it on, or to check it with. Shapes: {@code [B·K][F]} */
    public int[][] codes(Capacity room) {
        return size.model().codes(room);
    }

    /** Does it once; {@code codes} are those to train on. */
    public void run(Engine engine, int[][] codes) {
        work.run(engine, capacity(), codes);
    }

    /**
     * Bytes that a step allocates on the Java heap: a training step, or a step of all sequences that are generated. NaN where
     * steps of different kinds are mixed, and for engines that do not measure it.
     */
    public double heapBytesPerStep(Engine engine, int[][] codes) {
        return work.heapBytesPerStep(engine, capacity(), codes);
    }

    /**
     * Multiplications and additions of all matrix products of one repetition; a backward pass counts as two forward
     * passes.
     */
    public double operations() {
        return work.forwardPasses() * forwardOperations();
    }

    /**
     * Products of one forward pass: every weight matrix once for each step, and for each step's query the keys and values
     * of the steps up to its own, and of the text.
     */
    double forwardOperations() {
        DecoderConfig d = size.model().decoder();
        int text = size.model().textTokens();
        double cross = text == 0 ? 0.0 : 2.0;
        double block = (4.0 + cross) * d.width() * d.width() + 2.0 * d.width() * d.feedForward();
        double weights = d.layers() * block + (double) d.codebooks() * d.vocabulary() * d.width();
        double pairs = 0.5 * steps() * (steps() + 1.0) + (double) steps() * text;
        double attention = d.layers() * 2.0 * d.width() * pairs * sequences();
        double read = d.layers() * 2.0 * d.width() * d.width() * text * sequences();
        return 2.0 * (weights * sequences() * steps() + attention + read);
    }
}
