package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;

/**
 * The {@code config.json} of a checkpoint, for checks before its weights are loaded.
 *
 * @param directory of the checkpoint
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
        ModelConfig config = ModelDirectory.config(directory);
        return new CheckpointInfo(directory, config.withCodec(Codecs.name(directory, config)));
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
        return new DelayPattern(config.decoder().codebooks(), config.decoder().startToken());
    }

    /**
     * Opens the codec of the checkpoint.
     *
     * @param kernels the kernels of a codec that computes
     */
    public AudioCodec openCodec(Kernels kernels) throws IOException {
        return Codecs.open(this, kernels);
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
        return ModelDirectory.load(directory, config, kernels);
    }

    /**
     * Loads the tokenizer, which the caller closes.
     *
     * @throws InvalidFileException if the model reads text and its tokenizer is missing or not understood
     */
    public TextTokenizer tokenizer() throws IOException {
        return ModelDirectory.tokenizer(directory, config);
    }
}
