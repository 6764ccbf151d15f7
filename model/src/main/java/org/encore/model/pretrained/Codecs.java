package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.VoiceCodec;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.notes.NoteVocabulary;

/**
 * The codecs of this version, by name.
 *
 * <p>A checkpoint names its codec in {@code config.json} under {@code encore_codec}. Older checkpoints lack the key and are identified by their sizes: 1 codebook of {@link NoteVocabulary#size()} codes is {@value #NOTES}, 4 codebooks of 48 codes are
 * {@value #VOICES}.
 */
public final class Codecs {
    /** Notes as events. */
    public static final String NOTES = NoteCodec.NAME;

    /** Four voices on a grid. */
    public static final String VOICES = VoiceCodec.NAME;

    private static final List<Entry> ALL = List.of(
            new Entry(NOTES, 1, NoteVocabulary.size(), new Written(NoteCodec::new)),
            new Entry(VOICES, VoiceCodec.VOICES.size(), VoiceCodec.CARDINALITY, new Written(VoiceCodec::new)));

    /** A codec, the sizes of its models, and its factory. */
    private record Entry(String name, int codebooks, int cardinality, Factory factory) {
        boolean fits(DecoderConfig decoder) {
            return codebooks == decoder.codebooks() && cardinality == decoder.vocabulary();
        }

        @Override
        public String toString() {
            return name + " (" + sizes(codebooks, cardinality) + ")";
        }
    }

    /** Creates the codec of a checkpoint. */
    private interface Factory {
        /**
         * Creates the codec.
         *
         * @param directory of the checkpoint, with the codec's own files
         * @param kernels the kernels of the codec
         */
        AudioCodec open(Path directory, Kernels kernels) throws IOException;
    }

    /** A symbolic codec needs no files and no kernels. */
    private record Written(Function<Synthesiser, SymbolicCodec> maker) implements Factory {
        @Override
        public SymbolicCodec open(Path directory, Kernels kernels) {
            return make();
        }

        SymbolicCodec make() {
            return maker.apply(new Synthesiser(Synthesiser.Settings.standard()));
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
                .filter(entry -> entry.name().equals(name) && entry.factory() instanceof Written)
                .map(entry -> ((Written) entry.factory()).make())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the codec is " + name
                        + ", but pieces can be written only in "
                        + ALL.stream()
                                .filter(entry -> entry.factory() instanceof Written)
                                .map(Entry::toString)
                                .collect(Collectors.joining(" or "))));
    }

    /** Creates the codec of a checkpoint. */
    static AudioCodec open(CheckpointInfo checkpoint, Kernels kernels) throws IOException {
        Entry entry = ALL.stream()
                .filter(each -> each.name().equals(checkpoint.codec()))
                .findFirst()
                .orElseThrow(() -> unknown(checkpoint.directory(), checkpoint.config()));
        return entry.factory().open(checkpoint.directory(), kernels);
    }

    /**
     * The name of the codec whose codes a model generates: the one it names, or the one that its sizes identify.
     *
     * @throws InvalidFileException if no codec of this version decodes such codes
     */
    static String name(Path directory, ModelConfig config) {
        Optional<String> named = config.codec();
        Entry entry = ALL.stream()
                .filter(each -> named.map(each.name()::equals).orElseGet(() -> each.fits(config.decoder())))
                .findFirst()
                .orElseThrow(() -> unknown(directory, config));
        if (!entry.fits(config.decoder())) {
            throw new InvalidFileException(
                    directory,
                    "the model generates " + sizes(config) + ", but its config.json names the codec " + entry);
        }
        return entry.name();
    }

    private static InvalidFileException unknown(Path directory, ModelConfig config) {
        return new InvalidFileException(
                directory,
                "the model generates " + sizes(config)
                        + config.codec().map(name -> " of the codec " + name).orElse(" of a codec without name")
                        + ", but only "
                        + ALL.stream().map(Entry::toString).collect(Collectors.joining(" and "))
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
