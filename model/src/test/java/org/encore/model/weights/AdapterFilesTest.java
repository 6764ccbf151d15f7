package org.encore.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterFilesTest {
    private static final List<Target> TARGETS = List.of(Target.Q_PROJ, Target.FC2);

    @TempDir
    Path world;

    private Path base;
    private Path adapters;
    private Kernels kernels;
    private MusicTransformer model;

    @BeforeEach
    void write() throws IOException {
        kernels = new PortableKernels(Precision.SINGLE);
        base = Files.createDirectories(world.resolve("base"));
        adapters = Files.createDirectories(world.resolve("adapters"));
        MusicTransformer whole = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 5);
        ModelDirectory.save(whole, base);
        model = TinyModels.adapted(whole, Head.CODES, TARGETS, 4);
        AdapterFiles.save(model, base, ModelDirectory.sha256(base), adapters);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    /** Every name and shape that PEFT expects, and no more. */
    @Test
    void theLayoutIsThatOfPeft() throws IOException {
        JsonNode config = new ObjectMapper()
                .readTree(adapters.resolve("adapter_config.json").toFile());
        assertEquals("LORA", config.path("peft_type").asText());
        assertEquals(3, config.path("r").asInt());
        assertEquals(1.5, config.path("lora_alpha").asDouble());
        assertEquals(0.0, config.path("lora_dropout").asDouble(-1));
        assertEquals("[\"q_proj\",\"fc2\"]", config.path("target_modules").toString());
        assertEquals("none", config.path("bias").asText());
        assertFalse(config.path("fan_in_fan_out").asBoolean(true));
        assertTrue(config.has("task_type"));
        assertEquals(
                base.toAbsolutePath().toString(),
                config.path("base_model_name_or_path").asText());
        Set<String> expected = new TreeSet<>();
        for (int layer = 0; layer < 2; layer++) {
            for (String module : List.of("self_attn.q_proj", "encoder_attn.q_proj", "fc2")) {
                for (String side : List.of("A", "B")) {
                    expected.add("base_model.model.decoder.model.decoder.layers." + layer + "." + module + ".lora_"
                            + side + ".weight");
                }
            }
        }
        try (SafetensorsFile file = SafetensorsFile.open(adapters.resolve("adapter_model.safetensors"))) {
            assertEquals(expected, new TreeSet<>(file.names()));
            String fc2 = "base_model.model.decoder.model.decoder.layers.1.fc2.lora_";
            assertEquals(List.of(3, 12), file.entry(fc2 + "A.weight").shape());
            assertEquals(List.of(8, 3), file.entry(fc2 + "B.weight").shape());
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        assertTrue(AdapterFiles.isAdapter(adapters));
        assertFalse(AdapterFiles.isAdapter(base));
        assertEquals(base, AdapterFiles.base(base));
        LoraSettings settings = AdapterFiles.settings(adapters);
        assertEquals(new LoraSettings(3, 1.5, TARGETS), settings);
        MusicTransformer back =
                ModelDirectory.load(AdapterFiles.base(adapters), kernels).withAdapters(settings, Head.CODES);
        AdapterFiles.load(back, adapters);
        assertArrayEquals(
                kernels.readFloats(model.trainable().flat()),
                kernels.readFloats(back.trainable().flat()));
    }

    @Test
    void adaptersOfAnotherBaseAreRefused() throws IOException {
        ModelDirectory.save(TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 6), base);
        String problem = assertThrows(InvalidFileException.class, () -> AdapterFiles.load(model, adapters))
                .getMessage();
        assertTrue(problem.contains("were trained on another base than " + base), problem);
        assertTrue(problem.contains("adapter_model.safetensors"), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"IA3\" | peft_type is \"IA3\", but must be \"LORA\"",
                "r | 0 | rank is 0, but must lie in [1, 1024]",
                "lora_alpha | 0 | alpha is 0.0, but must be above 0",
                "target_modules | [\"q\"] | target_modules has \"q\"; allowed are q_proj, k_proj, v_proj",
                "target_modules | [] | targets is empty",
                "use_dora | true | use_dora is true, but must be false",
                "bias | \"all\" | bias is \"all\", but must be \"none\"",
                "rank_pattern | {\"fc1\": 2} | rank_pattern is {\"fc1\":2}, but must be empty",
                "base_model_name_or_path | \"nowhere\" | there is no such directory",
                "base_model_name_or_path | \".\" | there is no such directory with a model"
            })
    void configurationsThatDoNotFit(String key, String value, String part) throws IOException {
        configure(key, value);
        String problem = assertThrows(InvalidFileException.class, () -> {
                    AdapterFiles.base(adapters);
                    AdapterFiles.settings(adapters);
                })
                .getMessage();
        assertTrue(problem.contains(part), problem);
        assertTrue(problem.contains("adapter_config.json"), problem);
    }

    private void configure(String key, String value) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path file = adapters.resolve("adapter_config.json");
        ObjectNode config = (ObjectNode) mapper.readTree(file.toFile());
        config.set(key, mapper.readTree(value));
        Files.write(file, mapper.writeValueAsBytes(config));
    }

    @Test
    void tensorsThatDoNotFitAreNamed() throws IOException {
        assertRefusal(
                new LoraSettings(4, 1.5, TARGETS),
                "has shape [3, 8], but the base and adapter_config.json ask for [4, 8]");
        assertRefusal(new LoraSettings(3, 1.5, List.of(Target.Q_PROJ)), "fc2.lora_A.weight is no adapter of the base");
        assertRefusal(
                new LoraSettings(3, 1.5, List.of(Target.Q_PROJ, Target.FC2, Target.FC1)),
                "fc1.lora_A.weight is missing");
    }

    private void assertRefusal(LoraSettings settings, String part) throws IOException {
        MusicTransformer other = ModelDirectory.load(base, kernels).withAdapters(settings, Head.CODES);
        String problem = assertThrows(InvalidFileException.class, () -> AdapterFiles.load(other, adapters))
                .getMessage();
        assertTrue(problem.contains(part), problem);
    }
}
