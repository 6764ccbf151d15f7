package org.encore.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.model.kernels.Kernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.Parameters;

/** A model in the Hugging Face layout: {@code config.json} and {@code model.safetensors} in one directory. */
public final class ModelDirectory {
    public static final String CONFIG = "config.json";
    public static final String WEIGHTS = "model.safetensors";
    /** Tensors of the codec in a checkpoint of the reference implementation. */
    public static final String CODEC_PREFIX = "audio_encoder.";

    /** The other files of a checkpoint of the reference implementation. */
    private static final List<String> COMPANIONS = List.of(
            CONFIG,
            WeightFiles.INDEX,
            "generation_config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "spiece.model");

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
        try (WeightFiles weights = WeightFiles.open(directory)) {
            for (ParameterLayout.Entry e : layout.entries()) {
                requireShape(weights, weights.entry(name(e, weights)), e.shape());
            }
            requireKnown(layout, weights);
            MusicTransformer model = new MusicTransformer(kernels, config);
            for (ParameterLayout.Entry e : layout.entries()) {
                load(weights, e, model);
            }
            loadPositions(weights, model);
            return model;
        }
    }

    /** A tensor that the model does not have, such as a bias, would change its outputs; those of the codec are the codec's. */
    private static void requireKnown(ParameterLayout layout, WeightFiles weights) {
        for (String name : weights.names()) {
            boolean known = layout.has(name)
                    || name.equals(ParameterNames.TEXT_EMBEDDING_ALIAS)
                    || name.equals(ParameterNames.POSITIONS)
                    || name.startsWith(CODEC_PREFIX);
            if (!known) {
                throw new InvalidFileException(
                        weights.source(),
                        "tensor " + name + " is not a part of the model that " + CONFIG + " describes");
            }
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
        return tokenizer(directory, config, TextTokenizer.MAX_TOKENS);
    }

    /** {@link #tokenizer(Path, ModelConfig)} for prompts of up to a number of tokens. */
    public static TextTokenizer tokenizer(Path directory, ModelConfig config, int maxTokens) throws IOException {
        return config.readsText() ? TextTokenizer.load(directory, maxTokens) : TextTokenizer.none();
    }

    /**
     * Loads the trunk of a checkpoint into a model with another head; the head keeps its weights.
     *
     * @return number of parameters loaded from the file
     */
    public static int loadTrunk(Path directory, MusicTransformer model) throws IOException {
        int loaded = 0;
        try (WeightFiles weights = WeightFiles.open(directory)) {
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                if (!isHead(e.name())) {
                    load(weights, e, model);
                    loaded++;
                }
            }
            loadPositions(weights, model);
        }
        return loaded;
    }

    private static boolean isHead(String name) {
        return name.startsWith(ParameterNames.SCALAR_HEAD) || name.startsWith("decoder.lm_heads.");
    }

    /** Some readers of this layout leave the sinusoids out, because they can be computed. */
    private static void loadPositions(WeightFiles weights, MusicTransformer model) throws IOException {
        if (weights.has(ParameterNames.POSITIONS)) {
            model.kernels().write(model.positions(), checked(weights, ParameterNames.POSITIONS, positionShape(model)));
        }
    }

    private static List<Integer> positionShape(MusicTransformer model) {
        return List.of(
                model.config().decoder().maxPositions(),
                model.config().decoder().width());
    }

    private static void load(WeightFiles weights, ParameterLayout.Entry e, MusicTransformer model) throws IOException {
        model.kernels().write(model.parameters().get(e.name()), checked(weights, name(e, weights), e.shape()));
    }

    /** The parameter's name in a file, which may be an alias. */
    private static String name(ParameterLayout.Entry e, WeightFiles weights) {
        boolean alias = e.name().equals(ParameterNames.TEXT_EMBEDDING)
                && !weights.has(e.name())
                && weights.has(ParameterNames.TEXT_EMBEDDING_ALIAS);
        return alias ? ParameterNames.TEXT_EMBEDDING_ALIAS : e.name();
    }

    private static void requireShape(WeightFiles weights, SafetensorsFile.Entry entry, List<Integer> expected) {
        if (!entry.shape().equals(expected)) {
            throw new InvalidFileException(
                    weights.source(),
                    "tensor " + entry.name() + " has shape " + entry.shape() + ", but " + CONFIG + " asks for "
                            + expected);
        }
    }

    private static float[] checked(WeightFiles weights, String name, List<Integer> expected) throws IOException {
        requireShape(weights, weights.entry(name), expected);
        return weights.finiteFloats(name);
    }

    /**
     * Loads weights into a model of the same sizes.
     *
     * @throws InvalidFileException if they are missing or damaged, or have other shapes
     */
    public static void restore(MusicTransformer model, Path directory) throws IOException {
        try (WeightFiles weights = WeightFiles.open(directory)) {
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                load(weights, e, model);
            }
        }
    }

    /** The {@code decoder} object of {@code config.json}. */
    public static ObjectNode describe(DecoderConfig decoder) {
        ModelConfig config = ModelConfig.withoutText(decoder, ModelConfig.Head.CODES);
        return (ObjectNode) HuggingFaceConfig.write(config).path("decoder");
    }

    /** Whether a directory is a checkpoint of the reference implementation, which holds its codec too. */
    public static boolean isReference(Path directory) throws IOException {
        return HuggingFaceConfig.isReference(directory.resolve(CONFIG));
    }

    /**
     * Writes a model as the checkpoint that it was loaded from.
     *
     * <p>A checkpoint of the reference implementation keeps its files, names, shapes and number formats; its codec and all
     * other files are copied. One of our own is written by {@link #save(MusicTransformer, Path)}.
     *
     * @param source directory of the checkpoint that the model was loaded from
     * @param directory an existing directory
     */
    public static void saveAs(MusicTransformer model, Path source, Path directory) throws IOException {
        if (!isReference(source)) {
            save(model, directory);
            return;
        }
        try (WeightFiles weights = WeightFiles.open(source)) {
            for (SafetensorsFile file : weights.shards()) {
                SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
                for (String name : file.names()) {
                    add(writer, file, name, model);
                }
                writer.write(directory.resolve(file.path().getFileName()));
            }
        }
        for (String name : COMPANIONS) {
            if (Files.isRegularFile(source.resolve(name))) {
                AtomicFiles.write(directory.resolve(name), Files.readAllBytes(source.resolve(name)));
            }
        }
    }

    private static void add(SafetensorsWriter writer, SafetensorsFile file, String name, MusicTransformer model) {
        String parameter = name.equals(ParameterNames.TEXT_EMBEDDING_ALIAS) ? ParameterNames.TEXT_EMBEDDING : name;
        SafetensorsFile.Entry entry = file.entry(name);
        if (model.parameters().layout().has(parameter)) {
            SafetensorsWriter.Format format = SafetensorsWriter.Format.valueOf(entry.type());
            writer.add(name, format, entry.shape(), () -> model.kernels()
                    .readFloats(model.parameters().get(parameter)));
        } else {
            writer.copy(file, entry);
        }
    }

    /**
     * Whether {@link #saveAs} rounds the weights, so that a run that goes on needs a copy in 32 bits.
     *
     * @param source directory of the checkpoint that the model was loaded from
     */
    public static boolean isRounded(Path source) throws IOException {
        if (!isReference(source)) {
            return false;
        }
        try (WeightFiles weights = WeightFiles.open(source)) {
            return weights.names().stream()
                    .filter(name -> !name.startsWith(CODEC_PREFIX))
                    .anyMatch(name -> !weights.entry(name).type().equals("F32"));
        }
    }

    /** The SHA-256 of a model's weights, or of its adapters; of several files, that of their digests in the order of the index. */
    public static String sha256(Path directory) throws IOException {
        if (AdapterFiles.isAdapter(directory)) {
            return Manifest.sha256(directory.resolve(AdapterFiles.WEIGHTS));
        }
        try (WeightFiles weights = WeightFiles.open(directory)) {
            List<SafetensorsFile> files = weights.shards();
            if (files.size() == 1) {
                return Manifest.sha256(files.get(0).path());
            }
            StringBuilder digests = new StringBuilder();
            for (SafetensorsFile file : files) {
                digests.append(Manifest.sha256(file.path()));
            }
            return Manifest.sha256(digests.toString());
        }
    }

    /** The {@value #CONFIG} of a model, for a caller that adds to it. */
    public static ObjectNode configuration(ModelConfig config) {
        return HuggingFaceConfig.write(config);
    }

    /** Writes both files into an existing directory, in full precision. */
    public static void save(MusicTransformer model, Path directory) throws IOException {
        save(model, directory, SafetensorsWriter.Format.F32);
    }

    /** Writes both files into an existing directory. */
    public static void save(MusicTransformer model, Path directory, SafetensorsWriter.Format format)
            throws IOException {
        byte[] json =
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(configuration(model.config()));
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
