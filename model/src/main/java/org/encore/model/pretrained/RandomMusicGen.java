package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.Sinusoids;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.model.weights.SafetensorsWriter.Format;

/**
 * A MusicGen checkpoint with random weights in the layout of the published ones: for measuring and trying, with no music in it.
 *
 * <p>The text encoder and the decoder start as {@link Initialisation} has it, so that logits are spread like those of a model
 * before training. Convolutions of the codec keep the mean square of a signal; codebooks are normal. T5's real tokenizer is a
 * trained file that cannot be made up: a small one knows some words of music, and every other word is unknown.
 *
 * @param config sizes of text encoder and decoder
 * @param codec sizes of the codec
 * @param format of all weights
 * @param seed of the weights
 */
public record RandomMusicGen(ModelConfig config, EncodecConfig codec, Format format, long seed) {
    /** Words that the tokenizer knows. */
    private static final String WORDS =
            """
            a an and the with without of in on by for to from at as is very , . - slow fast calm energetic happy sad dark bright \
            warm cold soft loud quiet heavy light gentle upbeat mellow dreamy epic tense relaxing catchy simple complex minimal \
            major minor key tempo beat rhythm melody harmony chord chords arpeggio bass bassline drone riff solo loop hook groove \
            swing shuffle waltz march blues jazz rock pop folk country funk soul reggae disco techno house trance ambient classical \
            baroque orchestral cinematic electronic acoustic electric metal punk latin bossa nova tango piano guitar organ synth \
            synthesizer strings violin viola cello flute clarinet oboe saxophone trumpet trombone horn brass harp drums drum kick \
            snare hi hat cymbal percussion bells choir vocals voice instrumental rain wind sea night morning summer winter dance \
            film game song piece track music sound lo fi hip hop 80s 90s bpm low high long short one two three four""";

    private static final int MAX_POSITIONS = 2048;

    /** The published sizes, and one for tests. */
    public enum Size {
        /** Two blocks of width 64, with a codec to match. */
        TINY(2, 64, 4),
        /** 24 blocks of width 1024; 300 million parameters in the decoder's blocks. */
        SMALL(24, 1024, 16),
        /** 48 blocks of width 1536. */
        MEDIUM(48, 1536, 24),
        /** 48 blocks of width 2048. */
        LARGE(48, 2048, 32);

        private final int layers;
        private final int width;
        private final int heads;

        Size(int layers, int width, int heads) {
            this.layers = layers;
            this.width = width;
            this.heads = heads;
        }

        /** Blocks of the decoder as published. */
        public int layers() {
            return layers;
        }

        /**
         * Sizes of text encoder and decoder.
         *
         * @param blocks of the decoder
         * @param audioChannels 1, or 2 for stereo
         */
        public ModelConfig config(int blocks, int audioChannels) {
            EncodecConfig codec = codec();
            DecoderConfig decoder = new DecoderConfig(
                    codec.codebookSize(),
                    codec.codebooks() * audioChannels,
                    width,
                    4 * width,
                    blocks,
                    heads,
                    MAX_POSITIONS,
                    Activation.GELU,
                    audioChannels);
            TextEncoderConfig text = this == TINY
                    ? new TextEncoderConfig(1000, 32, 8, 64, 2, 4, 32, 128, 1e-6)
                    : new TextEncoderConfig(32128, 768, 64, 3072, 12, 12, 32, 128, 1e-6);
            return new ModelConfig(Optional.of(text), decoder, ModelConfig.Head.CODES, Optional.empty());
        }

        /** Sizes of the codec. */
        public EncodecConfig codec() {
            if (this != TINY) {
                return EncodecConfig.musicGen();
            }
            KernelWidths widths = new KernelWidths(7, 7, 3);
            return new EncodecConfig(
                    32_000,
                    1,
                    16,
                    4,
                    1,
                    List.of(8, 5, 4, 4),
                    widths,
                    2,
                    false,
                    PadMode.REFLECT,
                    2,
                    2,
                    1.0,
                    false,
                    4,
                    64);
        }
    }

    /** Shapes of the tensors in the file of weights, by name. */
    public Map<String, List<Integer>> shapes() {
        return tensors(written -> {}).shapes();
    }

    /** Numbers in the file of weights. */
    public long parameters() {
        return shapes().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b))
                .sum();
    }

    /**
     * Writes the directory, tensor by tensor.
     *
     * @param target a directory that does not exist yet
     * @param written gets the numbers written so far, of {@link #parameters}
     */
    public void write(Path target, LongConsumer written) throws IOException {
        AtomicFiles.writeDirectory(target, directory -> {
            CompanionFiles.json(
                    directory.resolve(ModelDirectory.CONFIG),
                    CompanionFiles.configuration(config, EncodecConfigFile.json(codec), format));
            CompanionFiles.write(directory, config.decoder(), codec.sampleRate());
            CompanionFiles.writeTokenizing(directory);
            WordTokenizer.write(WordTokenizer.vocabulary(List.of(WORDS), Integer.MAX_VALUE), directory);
            tensors(written).write(directory.resolve(ModelDirectory.WEIGHTS));
        });
    }

    private SafetensorsWriter tensors(LongConsumer written) {
        return new Tensors(new SafetensorsWriter(format), new RandomStreams(seed), written).all();
    }

    private List<LayerSpec> layers() {
        return Stream.concat(LayerSpec.encoder(codec).stream(), LayerSpec.decoder(codec).stream())
                .toList();
    }

    /** The tensors of the file, made as they are written. */
    private final class Tensors {
        private static final double LAST_GAIN = 0.1;

        private final SafetensorsWriter writer;
        private final RandomStreams streams;
        private final LongConsumer listener;
        private int stream;
        private long written;

        Tensors(SafetensorsWriter writer, RandomStreams streams, LongConsumer listener) {
            this.writer = writer;
            this.streams = streams;
            this.listener = listener;
        }

        SafetensorsWriter all() {
            int index = 0;
            for (ParameterLayout.Entry e : ParameterLayout.shapes(config)) {
                int place = index++;
                add(e.name(), e.shape(), () -> Initialisation.values(e, place, config, streams));
            }
            DecoderConfig d = config.decoder();
            add(
                    ParameterNames.POSITIONS,
                    List.of(d.maxPositions(), d.width()),
                    () -> Sinusoids.table(d.maxPositions(), d.width()));
            layers().forEach(this::add);
            for (int k = 0; k < codec.codebooks(); k++) {
                addCodebook(ModelDirectory.CODEC_PREFIX + EncodecParameters.codebook(k));
            }
            return writer;
        }

        private void add(String name, List<Integer> shape, Supplier<float[]> values) {
            writer.add(name, shape, () -> {
                float[] made = values.get();
                written += made.length;
                listener.accept(written);
                return made;
            });
        }

        private void add(LayerSpec layer) {
            if (layer instanceof Conv c) {
                // A row of norm 1 keeps the mean square of what it reads; the last one makes sound, which is soft.
                double gain = c.out() == codec.channels() ? LAST_GAIN : 1.0;
                addConvolution(c.name(), List.of(c.out(), c.in(), c.kernel()), gain, c.out());
            } else if (layer instanceof TransposedConv c) {
                // A step of the output adds up kernel / stride taps of each input channel.
                double gain = Math.sqrt((double) c.out() * c.stride() / c.in());
                addConvolution(c.name(), List.of(c.in(), c.out(), c.kernel()), gain, c.out());
            } else if (layer instanceof Recurrent r) {
                String name = ModelDirectory.CODEC_PREFIX + r.name() + ".";
                double deviation = 1.0 / Math.sqrt(3.0 * r.out());
                for (int i = 0; i < r.layers(); i++) {
                    for (String kind : List.of("weight_ih_l", "weight_hh_l")) {
                        add(name + kind + i, List.of(4 * r.out(), r.out()), normal(4 * r.out() * r.out(), deviation));
                    }
                    for (String kind : List.of("bias_ih_l", "bias_hh_l")) {
                        add(name + kind + i, List.of(4 * r.out()), normal(4 * r.out(), deviation));
                    }
                }
            } else if (layer instanceof Residual r) {
                add(r.first());
                add(r.second());
                r.shortcut().ifPresent(this::add);
            }
        }

        private void addConvolution(String layer, List<Integer> shape, double gain, int out) {
            String name = ModelDirectory.CODEC_PREFIX + layer;
            int rows = shape.get(0);
            int size = rows * shape.get(1) * shape.get(2);
            add(name + ".bias", List.of(out), constant(out, 0.0));
            add(name + ".weight_g", List.of(rows, 1, 1), constant(rows, gain));
            add(name + ".weight_v", shape, normal(size, Math.sqrt((double) rows / size)));
        }

        /** The codes, and what the reference implementation keeps of their training. */
        private void addCodebook(String embed) {
            int codes = codec.codebookSize();
            List<Integer> shape = List.of(codes, codec.hidden());
            Supplier<float[]> values = normal(codes * codec.hidden(), 1.0 / Math.sqrt(codec.codebooks()));
            String book = embed.substring(0, embed.length() - "embed".length());
            add(book + "inited", List.of(1), constant(1, 1.0));
            add(book + "cluster_size", List.of(codes), constant(codes, 1.0));
            add(embed, shape, values);
            add(book + "embed_avg", shape, values);
        }

        private Supplier<float[]> constant(int size, double value) {
            return () -> {
                float[] values = new float[size];
                Arrays.fill(values, (float) value);
                return values;
            };
        }

        private Supplier<float[]> normal(int size, double deviation) {
            int own = stream++;
            return () -> {
                RandomGenerator random = streams.stream(Purpose.NOISE, own);
                float[] values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
                return values;
            };
        }
    }
}
