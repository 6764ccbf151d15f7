package org.encore.model.encodec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.EncodecWeights.Naming;
import org.encore.model.encodec.EncodecWeights.Naming.Spelling;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.WeightFiles;

/**
 * Weights of an EnCodec model, and the nets that compute with them.
 *
 * <p>Layouts of a directory: a MusicGen checkpoint or a stand-alone EnCodec in the Hugging Face layout ({@code config.json},
 * {@code model.safetensors}); a state dict of audiocraft's compression model converted to {@value #AUDIOCRAFT}, whose sizes
 * are read off its tensors unless a {@code config.json} of the Hugging Face layout says more, such as another padding.
 */
public final class EncodecModel {
    /** Name of the file of an audiocraft compression model. */
    public static final String AUDIOCRAFT = "encodec.safetensors";

    private static final String CONFIG = "config.json";

    private final EncodecConfig config;
    private final EncodecParameters parameters;

    /** A model of given weights. */
    public EncodecModel(EncodecConfig config, EncodecParameters parameters) {
        this.config = config;
        this.parameters = parameters;
    }

    /** Whether a directory holds a codec, alone or in a checkpoint. */
    public static boolean isIn(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        return Files.isRegularFile(directory.resolve(AUDIOCRAFT))
                || (Files.isRegularFile(file) && EncodecConfigFile.isIn(file));
    }

    /** Whether a directory holds a codec without a model of its codes. */
    public static boolean isAlone(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            return Files.isRegularFile(directory.resolve(AUDIOCRAFT));
        }
        return EncodecConfigFile.isAlone(file);
    }

    /**
     * Loads the codec of a directory of any layout.
     *
     * @throws InvalidFileException if there is none, or it is damaged or not supported
     */
    public static EncodecModel load(Path directory, Kernels kernels) throws IOException {
        Path weights = directory.resolve(AUDIOCRAFT);
        Path config = directory.resolve(CONFIG);
        if (!Files.isRegularFile(weights)) {
            EncodecConfigFile file = EncodecConfigFile.read(config);
            try (WeightFiles tensors = WeightFiles.open(directory)) {
                return load(WeightSource.of(tensors), file, kernels);
            }
        }
        try (WeightFiles tensors = WeightFiles.ofFile(weights)) {
            WeightSource source = WeightSource.of(tensors);
            AudiocraftLayout layout = AudiocraftLayout.of(source);
            EncodecConfig sizes =
                    Files.isRegularFile(config) ? EncodecConfigFile.read(config).config() : layout.config();
            return load(source, new Naming(layout.prefix(), Spelling.AUDIOCRAFT), sizes, kernels);
        }
    }

    /**
     * Loads the codec of tensors in the Hugging Face layout.
     *
     * @throws InvalidFileException if a tensor is missing, has another shape, or holds what is not finite
     */
    public static EncodecModel load(WeightSource source, EncodecConfigFile file, Kernels kernels) throws IOException {
        return load(source, new Naming(file.prefix(), Spelling.HUGGING_FACE), file.config(), kernels);
    }

    private static EncodecModel load(WeightSource source, Naming naming, EncodecConfig config, Kernels kernels)
            throws IOException {
        EncodecWeights.requireShapes(source, naming, config);
        EncodecParameters parameters = new EncodecParameters(kernels, config);
        EncodecWeights.read(source, naming, config, kernels, parameters);
        return new EncodecModel(config, parameters);
    }

    /** The same weights with the first codebooks alone: a lower bandwidth. */
    public EncodecModel first(int codebooks) {
        return codebooks == config.codebooks() ? this : new EncodecModel(config.withCodebooks(codebooks), parameters);
    }

    public EncodecConfig config() {
        return config;
    }

    public EncodecParameters parameters() {
        return parameters;
    }

    /**
     * The encoder, for whole sounds. Shapes of a pass: {@code [B·samples, channels]} to {@code [B·frames, hidden]}
     *
     * @param batch the most sounds of a pass
     * @param samples the most samples of a sound
     */
    public SeaNet encoder(Kernels kernels, int batch, int samples) {
        return new SeaNet(kernels, config, LayerSpec.encoder(config), parameters, batch, samples);
    }

    /**
     * The decoder, for whole sounds. Shapes of a pass: {@code [B·frames, hidden]} to {@code [B·samples, channels]}
     *
     * @param batch the most sounds of a pass
     * @param frames the most frames of a sound
     */
    public SeaNet decoder(Kernels kernels, int batch, int frames) {
        return new SeaNet(kernels, config, LayerSpec.decoder(config), parameters, batch, frames);
    }

    /**
     * The quantiser, with the codebooks as they are now.
     *
     * @param frames the most frames of a call
     */
    public ResidualQuantiser quantiser(Kernels kernels, int frames) {
        return new ResidualQuantiser(kernels, config, parameters, frames);
    }
}
