package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.parallel.Shards;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.VoiceCodec;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.notes.NoteVocabulary;

/**
 * The codecs of this version, by name.
 *
 * <p>A checkpoint names its codec in {@code config.json} under {@code encore_codec}, or holds it as its {@code audio_encoder}. Older checkpoints lack the key and are identified by their sizes: 1 codebook of {@link NoteVocabulary#size()} codes is {@value #NOTES}, 4 codebooks of 48 codes are
 * {@value #VOICES}.
 */
public final class Codecs {
    /** Notes as events. */
    public static final String NOTES = NoteCodec.NAME;

    /** Four voices on a grid. */
    public static final String VOICES = VoiceCodec.NAME;

    /** Sound, by a neural codec that is a part of the checkpoint. */
    public static final String ENCODEC = EncodecCodec.NAME;

    private static final List<Entry> ALL = List.of(
            new Written(NOTES, 1, NoteVocabulary.size(), NoteCodec::new),
            new Written(VOICES, VoiceCodec.VOICES.size(), VoiceCodec.CARDINALITY, VoiceCodec::new),
            new Neural());

    /** A kind of codec. */
    private sealed interface Entry permits Written, Neural {
        /** Its name in {@code config.json}. */
        String name();

        /**
         * Fails unless a model generates codes of this codec.
         *
         * @param directory of the checkpoint
         * @throws InvalidFileException naming the sizes that differ
         */
        void requireFit(Path directory, DecoderConfig decoder) throws IOException;

        /** Creates the codec of a checkpoint, for models that it fits. */
        AudioCodec open(CheckpointInfo checkpoint, Shards shards) throws IOException;
    }

    /** A symbolic codec needs no files and no kernels. */
    private record Written(String name, int codebooks, int cardinality, Function<Synthesiser, SymbolicCodec> maker)
            implements Entry {
        boolean fits(DecoderConfig decoder) {
            return codebooks == decoder.codebooks() && cardinality == decoder.vocabulary();
        }

        @Override
        public void requireFit(Path directory, DecoderConfig decoder) {
            if (!fits(decoder)) {
                throw misfit(directory, decoder, this);
            }
        }

        @Override
        public SymbolicCodec open(CheckpointInfo checkpoint, Shards shards) {
            return make();
        }

        SymbolicCodec make() {
            return maker.apply(new Synthesiser(Synthesiser.Settings.standard()));
        }

        @Override
        public String toString() {
            return name + " (" + sizes(codebooks, cardinality) + ")";
        }
    }

    /** EnCodec is a part of the checkpoint: sizes and weights are in its files. */
    private record Neural() implements Entry {
        @Override
        public String name() {
            return ENCODEC;
        }

        @Override
        public void requireFit(Path directory, DecoderConfig decoder) throws IOException {
            EncodecConfig config = config(directory);
            int parts = parts(config, decoder);
            if (config.codebookSize() != decoder.vocabulary() || (parts != 1 && parts != 2)) {
                throw misfit(
                        directory, decoder, ENCODEC + " (" + sizes(config.codebooks(), config.codebookSize()) + ")");
            }
        }

        private static EncodecConfig config(Path directory) throws IOException {
            Path file = directory.resolve(ModelDirectory.CONFIG);
            if (!EncodecModel.isIn(directory)) {
                throw new InvalidFileException(
                        file, "names the codec " + ENCODEC + ", but holds no audio_encoder, which describes it");
            }
            return EncodecConfigFile.read(file).config();
        }

        /** Sounds whose codebooks take turns: two for stereo; 0 for a remainder. */
        private static int parts(EncodecConfig config, DecoderConfig decoder) {
            if (decoder.codebooks() < config.codebooks()) {
                int parts = Math.max(1, decoder.audioChannels() / config.channels());
                return decoder.codebooks() % parts == 0 ? parts : 0;
            }
            return decoder.codebooks() % config.codebooks() == 0 ? decoder.codebooks() / config.codebooks() : 0;
        }

        @Override
        public AudioCodec open(CheckpointInfo checkpoint, Shards shards) throws IOException {
            Shards own = shards.others();
            try {
                DecoderConfig decoder = checkpoint.config().decoder();
                int parts = parts(config(checkpoint.base()), decoder);
                // A model of a lower bandwidth has the first codebooks of its codec, each of which refines the ones
                // before.
                EncodecModel model =
                        EncodecModel.load(checkpoint.base(), own.kernels(0)).first(decoder.codebooks() / parts);
                return new EncodecCodec(model, own, parts);
            } catch (IOException | RuntimeException e) {
                own.close();
                throw e;
            }
        }

        @Override
        public String toString() {
            return ENCODEC + " (described by an audio_encoder)";
        }
    }

    private Codecs() {}

    /**
     * Creates a symbolic codec, which needs no checkpoint.
     *
     * @throws IllegalArgumentException if no symbolic codec has that name
     */
    public static SymbolicCodec symbolic(String name) {
        return ALL.stream()
                .filter(entry -> entry.name().equals(name))
                .flatMap(Codecs::written)
                .map(Written::make)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the codec is " + name
                        + ", but pieces can be written only in "
                        + ALL.stream()
                                .flatMap(Codecs::written)
                                .map(Written::toString)
                                .collect(Collectors.joining(" or "))));
    }

    private static Stream<Written> written(Entry entry) {
        return entry instanceof Written written ? Stream.of(written) : Stream.empty();
    }

    /**
     * Opens a codec of sound, alone or a part of a checkpoint, with all of its codebooks; the caller closes it.
     *
     * @param shards of the run; the codec opens others of their kind
     * @throws InvalidFileException if the directory holds none, or one that cannot be computed here
     */
    public static EncodecCodec sound(Path directory, Shards shards) throws IOException {
        Shards own = shards.others();
        try {
            return new EncodecCodec(EncodecModel.load(directory, own.kernels(0)), own, 1);
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /**
     * Creates the codec of a checkpoint.
     *
     * @param shards of the model, for a codec that opens others of their kind
     */
    static AudioCodec open(CheckpointInfo checkpoint, Shards shards) throws IOException {
        Entry entry = ALL.stream()
                .filter(each -> each.name().equals(checkpoint.codec()))
                .findFirst()
                .orElseThrow(() -> unknown(checkpoint.directory(), checkpoint.config()));
        return entry.open(checkpoint, shards);
    }

    /**
     * The name of the codec whose codes a model generates: the one it names, or the one that its sizes identify.
     *
     * @throws InvalidFileException if no codec of this version decodes such codes
     */
    static String name(Path directory, ModelConfig config) throws IOException {
        Optional<String> named = config.codec();
        Entry entry = ALL.stream()
                .filter(each -> named.map(each.name()::equals)
                        .orElseGet(() -> written(each).anyMatch(codec -> codec.fits(config.decoder()))))
                .findFirst()
                .orElseThrow(() -> unknown(directory, config));
        entry.requireFit(directory, config.decoder());
        return entry.name();
    }

    private static InvalidFileException misfit(Path directory, DecoderConfig decoder, Object codec) {
        return new InvalidFileException(
                directory,
                "the model generates " + sizes(decoder.codebooks(), decoder.vocabulary())
                        + ", but its config.json names the codec " + codec);
    }

    private static InvalidFileException unknown(Path directory, ModelConfig config) {
        return new InvalidFileException(
                directory,
                "the model generates " + sizes(config)
                        + config.codec().map(name -> " of the codec " + name).orElse(" of a codec without name")
                        + ", but only "
                        + ALL.stream().map(Entry::toString).collect(Collectors.joining(", "))
                        + " can be decoded here");
    }

    private static String sizes(ModelConfig config) {
        return sizes(config.decoder().codebooks(), config.decoder().vocabulary());
    }

    /** Such as "4 codebooks of 48 codes". */
    static String sizes(int codebooks, int cardinality) {
        return codebooks + (codebooks == 1 ? " codebook" : " codebooks") + " of " + cardinality + " codes";
    }
}
