package org.encore.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;

/**
 * Low-rank adapters in PEFT's layout: {@code adapter_config.json} and {@code adapter_model.safetensors} in one directory, without
 * the weights of their base.
 *
 * <p>A is {@code base_model.model.<module>.lora_A.weight} {@code [r, in]}, B is {@code ….lora_B.weight} {@code [out, r]}. The
 * metadata of the safetensors file hold the SHA-256 of the base, under {@value #BASE_SHA256}: adapters do not fit another one.
 */
public final class AdapterFiles {
    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final String BASE = "base_model_name_or_path";
    private static final String BASE_SHA256 = "base_sha256";
    /** What PEFT may switch on and we do not compute, with the value that switches it off. */
    private static final List<String> ABSENT = List.of("use_dora", "use_rslora", "fan_in_fan_out", "lora_bias");

    private AdapterFiles() {}

    /** True if a directory holds adapters instead of a model. */
    public static boolean isAdapter(Path directory) {
        return Files.isRegularFile(directory.resolve(CONFIG))
                && !Files.isRegularFile(directory.resolve(ModelDirectory.CONFIG));
    }

    /**
     * The directory with the base of adapters, as given or relative to them; a directory without adapters is its own base.
     *
     * @throws InvalidFileException if it is not there
     */
    public static Path base(Path directory) throws IOException {
        if (!isAdapter(directory)) {
            return directory;
        }
        String name = read(directory).path(BASE).asText("");
        String problem = BASE + " is \"" + name
                + "\", but there is no such directory with a model; correct it to where the base model is";
        try {
            for (Path place : List.of(Path.of(name), directory.resolve(name))) {
                if (!name.isEmpty() && Files.isRegularFile(place.resolve(ModelDirectory.CONFIG))) {
                    return place;
                }
            }
        } catch (InvalidPathException e) {
            throw new InvalidFileException(directory.resolve(CONFIG), problem, e);
        }
        throw new InvalidFileException(directory.resolve(CONFIG), problem);
    }

    private static JsonNode read(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, "is not valid JSON: " + JsonProblems.of(e), e);
        }
    }

    /**
     * The settings of the adapters in a directory.
     *
     * @throws InvalidFileException if they are not LoRA, or of a kind that is not supported
     */
    public static LoraSettings settings(Path directory) throws IOException {
        Path file = directory.resolve(CONFIG);
        JsonNode config = read(directory);
        if (!config.path("peft_type").asText().equals("LORA")) {
            throw new InvalidFileException(file, "peft_type is " + config.path("peft_type") + ", but must be \"LORA\"");
        }
        for (String key : ABSENT) {
            if (config.path(key).asBoolean(false)) {
                throw new InvalidFileException(file, key + " is true, but must be false");
            }
        }
        for (String key : List.of("rank_pattern", "alpha_pattern")) {
            if (!config.path(key).isEmpty()) {
                throw new InvalidFileException(file, key + " is " + config.path(key) + ", but must be empty");
            }
        }
        if (!config.path("bias").asText("none").equals("none")) {
            throw new InvalidFileException(file, "bias is " + config.path("bias") + ", but must be \"none\"");
        }
        try {
            return new LoraSettings(
                    config.path("r").asInt(),
                    config.path("lora_alpha").asDouble(),
                    targets(file, config),
                    config.path("lora_dropout").asDouble(0.0));
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(file, e.getMessage(), e);
        }
    }

    private static List<Target> targets(Path file, JsonNode config) {
        List<Target> targets = new ArrayList<>();
        for (JsonNode module : config.path("target_modules")) {
            try {
                targets.add(Target.valueOf(module.asText().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new InvalidFileException(
                        file,
                        "target_modules has " + module + "; allowed are q_proj, k_proj, v_proj, out_proj, fc1 and fc2",
                        e);
            }
        }
        return targets;
    }

    /**
     * Writes a model's adapters into an existing directory, in 32 bits.
     *
     * @param base directory of the base that they were trained on
     * @param baseSha256 SHA-256 of its weights when they were loaded
     */
    public static void save(MusicTransformer model, Path base, String baseSha256, Path directory) throws IOException {
        LoraSettings lora = model.lora().orElseThrow();
        boolean scalar = model.config().head() == ModelConfig.Head.SCALAR;
        byte[] json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(config(lora, base, scalar));
        AtomicFiles.write(directory.resolve(CONFIG), json);
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        writer.metadata(BASE_SHA256, baseSha256);
        for (ParameterLayout.Entry e : model.trainable().layout().entries()) {
            writer.add(PREFIX + e.name(), e.shape(), () -> model.kernels()
                    .readFloats(model.trainable().get(e.name())));
        }
        writer.write(directory.resolve(WEIGHTS));
    }

    private static ObjectNode config(LoraSettings lora, Path base, boolean scalar) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putObject("alpha_pattern");
        config.putNull("auto_mapping");
        config.put(BASE, base.toAbsolutePath().normalize().toString());
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("inference_mode", true);
        config.put("init_lora_weights", true);
        config.putNull("layers_pattern");
        config.putNull("layers_to_transform");
        // PEFT's is an integer.
        if (lora.alpha() == Math.rint(lora.alpha())) {
            config.put("lora_alpha", (long) lora.alpha());
        } else {
            config.put("lora_alpha", lora.alpha());
        }
        config.put("lora_dropout", lora.dropout());
        if (scalar) {
            config.putArray("modules_to_save").add(ParameterNames.SCALAR_HEAD.replace(".", ""));
        } else {
            config.putNull("modules_to_save");
        }
        config.put("peft_type", "LORA");
        config.put("r", lora.rank());
        config.putObject("rank_pattern");
        config.putNull("revision");
        lora.targets().forEach(target -> config.withArray("target_modules").add(target.module()));
        config.putNull("task_type");
        config.put("use_dora", false);
        config.put("use_rslora", false);
        return config;
    }

    /**
     * Loads adapters into a model that has adapters of the same settings.
     *
     * @throws InvalidFileException if they are missing or damaged, or belong to another base
     */
    public static void load(MusicTransformer model, Path directory) throws IOException {
        Path file = directory.resolve(WEIGHTS);
        Path base = base(directory);
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            String expected = weights.metadata().get(BASE_SHA256);
            if (expected != null && !expected.equals(ModelDirectory.sha256(base))) {
                throw new InvalidFileException(
                        file, "the adapters were trained on another base than " + base + ", whose weights differ");
            }
            requireKnown(file, weights, model);
            for (ParameterLayout.Entry e : model.trainable().layout().entries()) {
                String name = PREFIX + e.name();
                if (!weights.entry(name).shape().equals(e.shape())) {
                    throw new InvalidFileException(
                            file,
                            "tensor " + name + " has shape "
                                    + weights.entry(name).shape() + ", but the base and " + CONFIG + " ask for "
                                    + e.shape());
                }
                model.kernels().write(model.trainable().get(e.name()), weights.finiteFloats(name));
            }
        }
    }

    private static void requireKnown(Path file, SafetensorsFile weights, MusicTransformer model) {
        Set<String> names = weights.names();
        for (String name : names) {
            if (!name.startsWith(PREFIX) || !model.trainable().layout().has(name.substring(PREFIX.length()))) {
                throw new InvalidFileException(
                        file, "tensor " + name + " is no adapter of the base with the targets of " + CONFIG);
            }
        }
    }
}
