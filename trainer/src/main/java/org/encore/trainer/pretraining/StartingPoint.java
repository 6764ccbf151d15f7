package org.encore.trainer.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.NewMusicGen;
import org.encore.model.pretrained.NewMusicGen.TokenizerFiles;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;

/** The initial model of a pretraining run. */
sealed interface StartingPoint {
    /** Longest piece, in codes per codebook. */
    int maxFrames();

    /** Directory of the weights, whose layout checkpoints keep; empty for a new model of notes. Valid after {@link #begin}. */
    Optional<Path> base();

    /** Configuration of an existing model; empty for a new one. */
    Optional<ModelConfig> known();

    /** Creates or loads the model; writes the vocabulary of a new one to the run directory. */
    Beginning begin(Corpus corpus, Path home, Kernels kernels, RandomStreams streams) throws IOException;

    /** A model before its first step, and its tokenizer. */
    record Beginning(MusicTransformer model, TextTokenizer tokenizer) {}

    /** Directory of a new model of sound before its first step, in the run directory. */
    String START = "start";

    /**
     * Chooses by the settings.
     *
     * @param base path of their checkpoint
     * @param home directory of the run
     */
    static StartingPoint of(PretrainSettings settings, Optional<Path> base, AudioCodec codec, Path home)
            throws IOException {
        if (base.isEmpty()) {
            Optional<Path> sound = settings.model().codec();
            return sound.isPresent()
                    ? new NewOfSound(new New(settings.model(), codec), sound.get(), home.resolve(START))
                    : new New(settings.model(), codec);
        }
        CheckpointInfo checkpoint = CheckpointInfo.of(base.get());
        checkpoint.requireCodec(codec, "the corpus");
        Optional<LoraSettings> lora = settings.training().lora();
        if (lora.isPresent() && AdapterFiles.isAdapter(checkpoint.directory())) {
            throw new InvalidFileException(
                    checkpoint.directory(),
                    "holds adapters, and training.lora adds none to those; write the model first: ./encore merge");
        }
        return new Known(checkpoint, lora);
    }

    /** A new model: random weights, and the most frequent words of the corpus as vocabulary. */
    record New(ModelSettings sizes, AudioCodec codec) implements StartingPoint {
        /** Number of captions that the vocabulary is counted on. */
        private static final int CAPTIONS_COUNTED = 20_000;

        @Override
        public int maxFrames() {
            return sizes.maxFrames();
        }

        @Override
        public Optional<Path> base() {
            return Optional.empty();
        }

        @Override
        public Optional<ModelConfig> known() {
            return Optional.empty();
        }

        @Override
        public Beginning begin(Corpus corpus, Path home, Kernels kernels, RandomStreams streams) throws IOException {
            List<String> words = vocabulary(corpus);
            MusicTransformer model = model(words, kernels, streams);
            return new Beginning(model, words.isEmpty() ? TextTokenizer.none() : tokenizer(words, home));
        }

        private MusicTransformer model(List<String> words, Kernels kernels, RandomStreams streams) {
            ModelConfig config = sizes.config(codec.codebooks(), codec.cardinality(), words.size())
                    .withCodec(codec.name());
            MusicTransformer model = new MusicTransformer(kernels, config);
            Initialisation.randomise(model, streams);
            return model;
        }

        private static TextTokenizer tokenizer(List<String> words, Path home) throws IOException {
            if (!Files.exists(home.resolve(TextTokenizer.FILE))) {
                WordTokenizer.write(words, home);
            }
            return TextTokenizer.load(home, TextTokenizer.MAX_TOKENS);
        }

        /** The vocabulary of a new model; empty if it reads no text. */
        private List<String> vocabulary(Corpus corpus) {
            if (sizes.text().isEmpty()) {
                return List.of();
            }
            List<String> captions = new ArrayList<>();
            for (long i = 0; i < CAPTIONS_COUNTED; i++) {
                captions.add(corpus.trainPrompt(i).text());
            }
            return WordTokenizer.vocabulary(captions, sizes.text().orElseThrow().vocabulary());
        }
    }

    /**
     * A new model of sound: as {@link New}, written as a MusicGen directory with its codec, as which every checkpoint of the run
     * is written.
     *
     * @param sound directory of the codec
     * @param directory of the model; one that is there already is taken, as a resumed run finds it
     */
    record NewOfSound(New fresh, Path sound, Path directory) implements StartingPoint {
        @Override
        public int maxFrames() {
            return fresh.maxFrames();
        }

        @Override
        public Optional<Path> base() {
            return Optional.of(directory);
        }

        @Override
        public Optional<ModelConfig> known() {
            return Optional.empty();
        }

        @Override
        public Beginning begin(Corpus corpus, Path home, Kernels kernels, RandomStreams streams) throws IOException {
            if (!Files.isDirectory(directory)) {
                List<String> words = fresh.vocabulary(corpus);
                new NewMusicGen(fresh.model(words, kernels, streams), TokenizerFiles.ofWords(words), sound)
                        .write(directory);
            }
            CheckpointInfo written = CheckpointInfo.of(directory);
            written.requireCodec(fresh.codec(), sound.toString());
            return new Beginning(written.load(kernels), written.tokenizer());
        }
    }

    /** An existing model: its weights, new adapters of them if they are asked for, and its vocabulary. */
    record Known(CheckpointInfo checkpoint, Optional<LoraSettings> lora) implements StartingPoint {
        @Override
        public int maxFrames() {
            return checkpoint.maxFrames();
        }

        @Override
        public Optional<ModelConfig> known() {
            return Optional.of(checkpoint.config());
        }

        @Override
        public Optional<Path> base() {
            return Optional.of(checkpoint.directory());
        }

        @Override
        public Beginning begin(Corpus corpus, Path home, Kernels kernels, RandomStreams streams) throws IOException {
            MusicTransformer model = checkpoint.load(kernels);
            if (lora.isPresent()) {
                model = model.withAdapters(lora.get(), ModelConfig.Head.CODES);
                Initialisation.randomiseAdapters(model, streams);
            }
            return new Beginning(model, checkpoint.tokenizer());
        }
    }
}
