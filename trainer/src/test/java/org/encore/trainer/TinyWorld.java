package org.encore.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Activation;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.DecoderConfig;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TextEncoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.NoteCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.music.random.RandomStreams;
import org.encore.trainer.data.CorpusSource;

/** What whole runs need, tiny: a folder of pieces cut to windows of at most 48 codes, and a model that plays as many. */
public final class TinyWorld {
    public static final int MAX_FRAMES = 48;

    private static final int PIECES = 6;

    private TinyWorld() {}

    public static NoteCodec codec() {
        return new NoteCodec(new Synthesiser(Synthesiser.Settings.standard()));
    }

    /** Writes six pieces as MIDI files into {@code midi} below a directory. */
    public static CorpusSource corpus(Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("midi"));
        Etudes etudes = new Etudes(1);
        for (int i = 0; i < PIECES; i++) {
            MidiFiles.write(folder.resolve("piece-" + i + ".mid"), etudes.train(i).piece());
        }
        return new CorpusSource.MidiFolder(folder, 1, 20.0, 30);
    }

    /** Writes a random model with its tokenizer into {@code base} below a directory. */
    public static Path base(Path directory, CorpusSource source) throws IOException {
        Path base = Files.createDirectories(directory.resolve("base"));
        Corpus corpus = source.open(MAX_FRAMES);
        List<String> captions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            captions.add(corpus.trainPrompt(i).text());
        }
        List<String> words = WordTokenizer.vocabulary(captions, 100);
        WordTokenizer.write(words, base);
        ModelConfig config = new ModelConfig(
                new TextEncoderConfig(words.size(), 16, 8, 32, 1, 2, 8, 16, 1e-6),
                new DecoderConfig(codec().cardinality(), 1, 16, 32, 1, 2, MAX_FRAMES + 1, Activation.GELU),
                Head.CODES);
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = new MusicTransformer(kernels, config);
            Initialisation.randomise(model, new RandomStreams(5));
            ModelDirectory.save(model, base);
        }
        return base;
    }
}
