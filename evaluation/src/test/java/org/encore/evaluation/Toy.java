package org.encore.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.Clip;

/** A tiny model of seven codes in 64 bits, where code 0 ends a piece and every other is a note on a beat. */
public final class Toy implements AutoCloseable {
    public static final int VOCABULARY = 7;
    public static final int MAX_STEPS = 24;
    private static final List<String> WORDS = List.of("<pad>", "</s>", "<unk>", "slow", "fast", "waltz", "piano");

    private final int codebooks;
    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final Workspaces workspaces;
    private final CodeBatcher batcher;

    public Toy(Path directory, int codebooks, int shardCount) throws IOException {
        this.codebooks = codebooks;
        this.shards = new Shards(shardCount, shardCount, () -> new PortableKernels(Precision.DOUBLE));
        WordTokenizer.write(WORDS, directory);
        this.tokenizer = TextTokenizer.load(directory, 8);
        this.workspaces = new Workspaces(shards, config(), new BatchShape(3, MAX_STEPS, tokenizer.capacity()));
        this.batcher = new CodeBatcher(new DelayPattern(codebooks, VOCABULARY), tokenizer, MAX_STEPS);
    }

    private ModelConfig config() {
        return new ModelConfig(
                new TextEncoderConfig(WORDS.size(), 6, 3, 8, 1, 2, 8, 16, 1e-6),
                new DecoderConfig(VOCABULARY, codebooks, 8, 12, 1, 2, MAX_STEPS, Activation.GELU),
                Head.CODES);
    }

    /** A model with the weights of a seed. */
    public Replicas model(long seed) {
        MusicTransformer model = new MusicTransformer(shards.kernels(0), config());
        Initialisation.randomise(model, new RandomStreams(seed));
        return new Replicas(shards, model);
    }

    public Workspaces workspaces() {
        return workspaces;
    }

    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    public List<CodeBatcher.MicroBatch> microBatches(List<CodeSequence> sequences, int size) {
        return batcher.cut(sequences, size);
    }

    /** Random sequences of these lengths; the second hides its prompt. */
    public List<CodeSequence> sequences(int... frames) {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            RandomGenerator random = new RandomStreams(3).stream(Purpose.NOISE, i);
            int[][] codes = new int[codebooks][frames[i]];
            for (int[] codebook : codes) {
                for (int f = 0; f < codebook.length; f++) {
                    codebook[f] = random.nextInt(VOCABULARY);
                }
            }
            sequences.add(new CodeSequence(codes, i % 2 == 0 ? "slow waltz" : "fast", i != 1));
        }
        return sequences;
    }

    /** Notes from codes; no sound. */
    public static AudioCodec codec() {
        return new AudioCodec() {
            @Override
            public String name() {
                return "toy";
            }

            @Override
            public int codebooks() {
                return 1;
            }

            @Override
            public int cardinality() {
                return VOCABULARY;
            }

            @Override
            public Clip decode(int[][] codes) {
                List<Note> notes = new ArrayList<>();
                for (int t = 0; t < codes[0].length && codes[0][t] != 0; t++) {
                    int quarter = Piece.TICKS_PER_QUARTER;
                    notes.add(new Note(Instrument.PIANO, t * quarter, quarter, 60 + codes[0][t], 80));
                }
                return Clip.of(new Piece(120, new Meter(4, 4), notes), Toy::silence);
            }

            @Override
            public int validFrames(int[][] codes) {
                return codes[0].length;
            }

            @Override
            public OptionalInt endCode() {
                return OptionalInt.of(0);
            }
        };
    }

    private static Waveform silence() {
        throw new IllegalStateException("nobody listens here");
    }

    @Override
    public void close() {
        tokenizer.close();
        shards.close();
    }
}
