package org.encore.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;

/** Models small enough for finite differences, and sequences for them. */
public final class TinyModels {
    public static final int VOCABULARY = 7;
    public static final int MAX_STEPS = 40;

    private static final List<String> WORDS =
            List.of("<pad>", "</s>", "<unk>", "a", "slow", "fast", "waltz", "for", "piano");
    private static final List<String> PROMPTS =
            List.of("a slow waltz", "fast", "a waltz for piano", "a fast waltz for a slow piano");

    private TinyModels() {}

    /** Writes a vocabulary of nine words into a directory and loads it. */
    public static TextTokenizer tokenizer(Path directory) throws IOException {
        WordTokenizer.write(WORDS, directory);
        return TextTokenizer.load(directory, 8);
    }

    public static ModelConfig config(int codebooks, Head head) {
        return new ModelConfig(
                new TextEncoderConfig(WORDS.size(), 6, 3, 8, 1, 2, 8, 16, 1e-6),
                new DecoderConfig(VOCABULARY, codebooks, 8, 12, 1, 2, MAX_STEPS, Activation.GELU),
                head);
    }

    /** A model none of whose weights is 0 or 1. */
    public static MusicTransformer random(Kernels kernels, ModelConfig config, long seed) {
        MusicTransformer model = new MusicTransformer(kernels, config);
        RandomStreams streams = new RandomStreams(seed);
        Initialisation.randomise(model, streams);
        RandomGenerator noise = streams.stream(Purpose.NOISE);
        double[] weights = kernels.readDoubles(model.parameters().flat());
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.2 * noise.nextGaussian();
        }
        kernels.write(model.parameters().flat(), weights);
        return model;
    }

    /** Random sequences of these numbers of frames; a sequence depends on its place and its own length alone. */
    public static List<CodeSequence> sequences(int codebooks, int... frames) {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            RandomGenerator random = new RandomStreams(17).stream(Purpose.NOISE, i, frames[i]);
            int[][] codes = new int[codebooks][frames[i]];
            for (int[] codebook : codes) {
                for (int f = 0; f < codebook.length; f++) {
                    codebook[f] = random.nextInt(VOCABULARY);
                }
            }
            sequences.add(CodeSequence.of(codes, PROMPTS.get(i % PROMPTS.size())));
        }
        return sequences;
    }
}
