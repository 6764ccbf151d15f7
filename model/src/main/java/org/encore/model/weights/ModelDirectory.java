package org.encore.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.Parameters;

/** A model in the Hugging Face layout: {@code config.json} and {@code model.safetensors} in one directory. */
public final class ModelDirectory {
    public static final String CONFIG = "config.json";
    public static final String WEIGHTS = "model.safetensors";

    private ModelDirectory() {}

    /**
     * Loads a model.
     *
     * <p>Every tensor's shape is checked before the model is allocated.
     *
     * @throws InvalidFileException if a file is missing or damaged, or a tensor is missing or has another shape
     */
    public static MusicTransformer load(Path directory, Kernels kernels) throws IOException {
        return load(directory, config(directory), kernels);
    }

    /**
     * Loads a model whose configuration has been read.
     *
     * @param config as {@link #config} gives it, under any codec's name
     * @throws InvalidFileException if the weights are missing or damaged, or a tensor is missing or has another shape
     */
    public static MusicTransformer load(Path directory, ModelConfig config, Kernels kernels) throws IOException {
        ParameterLayout layout = layout(directory, config);
        Path file = directory.resolve(WEIGHTS);
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (ParameterLayout.Entry e : layout.entries()) {
                requireShape(file, weights.entry(name(e, weights)), e.shape());
            }
            MusicTransformer model = new MusicTransformer(kernels, config);
            for (ParameterLayout.Entry e : layout.entries()) {
                load(file, weights, e, model);
            }
            loadPositions(file, weights, model);
            return model;
        }
    }

    private static ParameterLayout layout(Path directory, ModelConfig config) {
        try {
            return ParameterLayout.of(config);
        } catch (ArithmeticException e) {
            throw new InvalidFileException(
                    directory.resolve(CONFIG), "describes a model of more than 2^31 parameters", e);
        }
    }

    /** The sizes of the model in a directory. */
    public static ModelConfig config(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new InvalidFileException(directory, "there is no such checkpoint directory");
        }
        return HuggingFaceConfig.read(directory.resolve(CONFIG));
    }

    /**
     * The tokenizer of the model in a directory; {@link TextTokenizer#none} if the model reads no text.
     *
     * @param config as {@link #config} gives it
     * @throws InvalidFileException if the model reads text and its tokenizer is missing or not understood
     */
    public static TextTokenizer tokenizer(Path directory, ModelConfig config) throws IOException {
        return config.readsText() ? TextTokenizer.load(directory, TextTokenizer.MAX_TOKENS) : TextTokenizer.none();
    }

    /**
     * Loads the trunk of a checkpoint into a model with another head; the head keeps its weights.
     *
     * @return number of parameters loaded from the file
     */
    public static int loadTrunk(Path directory, MusicTransformer model) throws IOException {
        Path file = directory.resolve(WEIGHTS);
        int loaded = 0;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                if (!isHead(e.name())) {
                    load(file, weights, e, model);
                    loaded++;
                }
            }
            loadPositions(file, weights, model);
        }
        return loaded;
    }

    private static boolean isHead(String name) {
        return name.startsWith(ParameterNames.SCALAR_HEAD) || name.startsWith("decoder.lm_heads.");
    }

    /** Some readers of this layout leave the sinusoids out, because they can be computed. */
    private static void loadPositions(Path file, SafetensorsFile weights, MusicTransformer model) throws IOException {
        if (weights.has(ParameterNames.POSITIONS)) {
            model.kernels()
                    .write(model.positions(), checked(file, weights, ParameterNames.POSITIONS, positionShape(model)));
        }
    }

    private static List<Integer> positionShape(MusicTransformer model) {
        return List.of(
                model.config().decoder().maxPositions(),
                model.config().decoder().width());
    }

    private static void load(Path file, SafetensorsFile weights, ParameterLayout.Entry e, MusicTransformer model)
            throws IOException {
        model.kernels().write(model.parameters().get(e.name()), checked(file, weights, name(e, weights), e.shape()));
    }

    /** The parameter's name in a file, which may be an alias. */
    private static String name(ParameterLayout.Entry e, SafetensorsFile weights) {
        boolean alias = e.name().equals(ParameterNames.TEXT_EMBEDDING)
                && !weights.has(e.name())
                && weights.has(ParameterNames.TEXT_EMBEDDING_ALIAS);
        return alias ? ParameterNames.TEXT_EMBEDDING_ALIAS : e.name();
    }

    private static void requireShape(Path file, SafetensorsFile.Entry entry, List<Integer> expected) {
        if (!entry.shape().equals(expected)) {
            throw new InvalidFileException(
                    file,
                    "tensor " + entry.name() + " has shape " + entry.shape() + ", but " + CONFIG + " asks for "
                            + expected);
        }
    }

    private static float[] checked(Path file, SafetensorsFile weights, String name, List<Integer> expected)
            throws IOException {
        requireShape(file, weights.entry(name), expected);
        float[] values = weights.floats(name);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidFileException(file, "tensor " + name + " holds a value that is not finite");
            }
        }
        return values;
    }

    /** Writes both files into an existing directory, in full precision. */
    public static void save(MusicTransformer model, Path directory) throws IOException {
        save(model, directory, SafetensorsWriter.Format.F32);
    }

    /** Writes both files into an existing directory. */
    public static void save(MusicTransformer model, Path directory, SafetensorsWriter.Format format)
            throws IOException {
        byte[] json = new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(HuggingFaceConfig.write(model.config()));
        AtomicFiles.write(directory.resolve(CONFIG), json);
        SafetensorsWriter writer = writer(model.parameters(), model.kernels(), format);
        writer.add(ParameterNames.POSITIONS, positionShape(model), () -> model.kernels()
                .readFloats(model.positions()));
        writer.write(directory.resolve(WEIGHTS));
    }

    /** Writes a vector of the same layout, such as a moment of the optimiser, under the parameters' names. */
    public static void saveLike(Parameters parameters, Kernels kernels, Path file) throws IOException {
        writer(parameters, kernels, SafetensorsWriter.Format.F32).write(file);
    }

    /** Reads a file of {@link #saveLike}. */
    public static void loadLike(Parameters parameters, Kernels kernels, Path file) throws IOException {
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (ParameterLayout.Entry e : parameters.layout().entries()) {
                if (!weights.entry(e.name()).shape().equals(e.shape())) {
                    throw new InvalidFileException(file, "tensor " + e.name() + " has another shape than the model's");
                }
                kernels.write(parameters.get(e.name()), weights.floats(e.name()));
            }
        }
    }

    private static SafetensorsWriter writer(Parameters parameters, Kernels kernels, SafetensorsWriter.Format format) {
        SafetensorsWriter writer = new SafetensorsWriter(format);
        for (ParameterLayout.Entry e : parameters.layout().entries()) {
            writer.add(e.name(), e.shape(), () -> kernels.readFloats(parameters.get(e.name())));
        }
        return writer;
    }
}
