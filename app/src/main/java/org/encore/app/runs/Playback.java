package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.music.codec.voices.VoiceCodec;

/** A checkpoint, loaded to play whole pieces. */
public final class Playback implements AutoCloseable {
    private static final int MOST_PER_SHARD = 16;

    private final AudioCodec codec;
    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final Replicas model;

    private Playback(AudioCodec codec, Shards shards, TextTokenizer tokenizer, Replicas model) {
        this.codec = codec;
        this.shards = shards;
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /**
     * Refuses a checkpoint that cannot be made audible, without loading its weights.
     *
     * @param checkpoint as given; looked for below Encore's own directory, too
     */
    public static void check(Path checkpoint) throws IOException {
        codec(Machine.locate(checkpoint));
    }

    /**
     * Loads a checkpoint.
     *
     * @param count how many pieces will be played at once, at least 1
     */
    public static Playback load(Path checkpoint, int count) throws IOException {
        Path directory = Machine.locate(checkpoint);
        AudioCodec codec = codec(directory);
        Shards shards = Machine.shards(Math.min(2, count));
        try {
            TextTokenizer tokenizer = ModelDirectory.tokenizer(directory);
            try {
                Replicas model = new Replicas(shards, ModelDirectory.load(directory, shards.kernels(0)));
                return new Playback(codec, shards, tokenizer, model);
            } catch (IOException | RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** Turns what is played into notes and sound. */
    public AudioCodec codec() {
        return codec;
    }

    /** Knows which words the model knows. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Plays one piece for each prompt.
     *
     * @param streams randomness of each piece, by the index of its prompt
     */
    public List<Completion> generate(
            List<String> prompts, SamplingSettings sampling, IntFunction<RandomGenerator> streams) {
        int batch = Math.min(MOST_PER_SHARD, (prompts.size() + shards.count() - 1) / shards.count());
        DecoderConfig decoder = model.model().config().decoder();
        Generator.Settings settings =
                new Generator.Settings(batch, decoder.maxFrames(), tokenizer.capacity(), sampling, codec.endCode());
        try (ParallelGenerator generator = new ParallelGenerator(model, tokenizer, settings)) {
            return generator.generate(prompts, streams);
        }
    }

    /** What the codes of the model in a directory mean, by the number of its codebooks and of the codes in each. */
    private static AudioCodec codec(Path directory) throws IOException {
        DecoderConfig decoder = ModelDirectory.config(directory).decoder();
        return Machine.codecs().stream()
                .filter(codec ->
                        codec.codebooks() == decoder.codebooks() && codec.cardinality() == decoder.vocabulary())
                .findFirst()
                .orElseThrow(() -> new InvalidFileException(
                        directory,
                        "the model plays " + decoder.codebooks() + " codebooks of " + decoder.vocabulary()
                                + " codes, and only notes (1 of " + NoteVocabulary.size() + ") and four voices (4 of "
                                + (VoiceCodec.END + 1) + ") can be made audible yet"));
    }

    @Override
    public void close() {
        tokenizer.close();
        shards.close();
    }
}
