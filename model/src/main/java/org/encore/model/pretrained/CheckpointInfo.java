package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.kernels.Kernels;
import org.encore.model.parallel.Shards;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;

/**
 * The {@code config.json} of a checkpoint, for checks before its weights are loaded.
 *
 * @param directory of the checkpoint; of adapters, which open as their base with the adapters merged
 * @param config sizes of the model, with the name of its codec
 */
public record CheckpointInfo(Path directory, ModelConfig config) {
    public CheckpointInfo {
        if (config.codec().isEmpty()) {
            throw new IllegalArgumentException("the configuration of " + directory + " must name a codec");
        }
    }

    /**
     * Reads the configuration of a directory.
     *
     * @throws InvalidFileException if the directory holds no model, or one of a codec that this version does not have
     */
    public static CheckpointInfo of(Path directory) throws IOException {
        Path base = AdapterFiles.base(directory);
        ModelConfig config = ModelDirectory.config(base);
        return new CheckpointInfo(directory, config.withCodec(Codecs.name(base, config)));
    }

    /** The directory with the weights of the whole model: this one, or that of the adapters' base. */
    public Path base() throws IOException {
        return AdapterFiles.base(directory);
    }

    /** Name of the codec whose codes the model generates. */
    public String codec() {
        return config.codec().orElseThrow();
    }

    /** The most frames of a sequence. */
    public int maxFrames() {
        return config.decoder().maxFrames();
    }

    /** The delay pattern of the model. */
    public DelayPattern pattern() {
        return DelayPattern.of(config.decoder());
    }

    /**
     * Opens the codec of the checkpoint.
     *
     * @param shards of the model, for a codec that opens others of their kind
     */
    public AudioCodec openCodec(Shards shards) throws IOException {
        return Codecs.open(this, shards);
    }

    /** Sizes of the codec, if it is a neural one that the checkpoint holds. */
    public Optional<EncodecConfig> neuralCodec() throws IOException {
        return codec().equals(Codecs.ENCODEC)
                ? Optional.of(EncodecConfigFile.read(base().resolve(ModelDirectory.CONFIG))
                        .config())
                : Optional.empty();
    }

    /**
     * The codec as a symbolic codec.
     *
     * @throws InvalidFileException if it is not symbolic
     */
    public SymbolicCodec symbolicCodec() {
        try {
            return Codecs.symbolic(codec());
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(directory, e.getMessage(), e);
        }
    }

    /**
     * Fails unless the model generates the codes of a codec.
     *
     * @param other the codec of a corpus or of another model
     * @param whose what has this codec, for the message, such as "the corpus"
     * @throws InvalidFileException if names or sizes differ
     */
    public void requireCodec(AudioCodec other, String whose) {
        DecoderConfig decoder = config.decoder();
        if (!codec().equals(other.name())
                || decoder.codebooks() != other.codebooks()
                || decoder.vocabulary() != other.cardinality()) {
            throw new InvalidFileException(
                    directory,
                    "the model has the codec " + codec() + " ("
                            + Codecs.sizes(decoder.codebooks(), decoder.vocabulary()) + "), but " + whose + " has "
                            + other.name() + " (" + Codecs.sizes(other.codebooks(), other.cardinality()) + ")");
        }
    }

    /**
     * Loads the weights.
     *
     * @throws InvalidFileException if they are missing or damaged
     */
    public MusicTransformer load(Kernels kernels) throws IOException {
        MusicTransformer model = ModelDirectory.load(base(), config, kernels);
        if (AdapterFiles.isAdapter(directory)) {
            MusicTransformer adapted = model.withAdapters(AdapterFiles.settings(directory), ModelConfig.Head.CODES);
            AdapterFiles.load(adapted, directory);
            adapted.merge();
        }
        return model;
    }

    /**
     * Loads the tokenizer, which the caller closes.
     *
     * @throws InvalidFileException if the model reads text and its tokenizer is missing or not understood
     */
    public TextTokenizer tokenizer() throws IOException {
        return tokenizer(TextTokenizer.MAX_TOKENS);
    }

    /** {@link #tokenizer()} for prompts of up to a number of tokens. */
    public TextTokenizer tokenizer(int maxTokens) throws IOException {
        return ModelDirectory.tokenizer(base(), config, maxTokens);
    }
}
