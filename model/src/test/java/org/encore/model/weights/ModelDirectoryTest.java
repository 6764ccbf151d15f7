package org.encore.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.Parameters;
import org.encore.model.transformer.TinyModels;
import org.encore.model.weights.SafetensorsFile.TensorTypes;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
    private static final String HEAD = "decoder.lm_heads.0.weight";

    @TempDir
    Path directory;

    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = new PortableKernels(Precision.SINGLE);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    private MusicTransformer saved(Head head) throws IOException {
        MusicTransformer model = TinyModels.random(kernels, TinyModels.config(2, head), 3);
        // A checkpoint may hold positions that are not sinusoids.
        kernels.fill(model.positions().columnRange(1, 2), 0.125);
        ModelDirectory.save(model, directory);
        return model;
    }

    /** Writes the weights again, after a change to their map; positions and parameters alike. */
    private void change(Consumer<Map<String, float[]>> edit) throws IOException {
        Path file = directory.resolve(ModelDirectory.WEIGHTS);
        Map<String, float[]> tensors = new TreeMap<>();
        Map<String, List<Integer>> shapes = new TreeMap<>();
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (String name : weights.names()) {
                tensors.put(name, weights.floats(name));
                shapes.put(name, weights.entry(name).shape());
            }
        }
        edit.accept(tensors);
        SafetensorsWriter writer = new SafetensorsWriter(Format.F32);
        tensors.forEach((name, values) -> {
            List<Integer> shape = shapes.getOrDefault(name, shapes.get(ParameterNames.TEXT_EMBEDDING));
            int size = shape.stream().reduce(1, Math::multiplyExact);
            writer.add(name, size == values.length ? shape : List.of(values.length), () -> values);
        });
        writer.write(file);
    }

    private String refusal() {
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> ModelDirectory.load(directory, kernels));
        assertTrue(e.getMessage().startsWith(directory.toString()), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        return e.problem();
    }

    @ParameterizedTest
    @EnumSource(Head.class)
    void aModelSurvivesTheRoundTrip(Head head) throws IOException {
        MusicTransformer model = saved(head);
        MusicTransformer loaded = ModelDirectory.load(directory, kernels);
        assertEquals(model.config(), loaded.config());
        assertArrayEquals(
                kernels.readFloats(model.parameters().flat()),
                kernels.readFloats(loaded.parameters().flat()),
                0.0f);
        assertArrayEquals(kernels.readFloats(model.positions()), kernels.readFloats(loaded.positions()), 0.0f);
    }

    @Test
    void aModelWithoutTextSurvivesTheRoundTrip() throws IOException {
        MusicTransformer model = TinyModels.random(kernels, TinyModels.withoutText(2, Head.CODES), 3);
        ModelDirectory.save(model, directory);
        MusicTransformer loaded = ModelDirectory.load(directory, kernels);
        assertEquals(model.config(), loaded.config());
        assertArrayEquals(
                kernels.readFloats(model.parameters().flat()),
                kernels.readFloats(loaded.parameters().flat()),
                0.0f);
        try (TextTokenizer tokenizer = ModelDirectory.tokenizer(directory, loaded.config())) {
            assertEquals(0, tokenizer.capacity());
            assertEquals(0, tokenizer.batch(List.of("a waltz", "")).tokens());
            assertEquals(List.of(), tokenizer.unknownWords("a waltz"));
        }
    }

    /** A configuration that lost its text encoder must not give a model that silently ignores prompts. */
    @Test
    void aLostTextEncoderIsDamage() throws IOException {
        saved(Head.CODES);
        ObjectMapper mapper = new ObjectMapper();
        Path file = directory.resolve(ModelDirectory.CONFIG);
        ObjectNode config = (ObjectNode) mapper.readTree(file.toFile());
        JsonNode text = config.remove("text_encoder");
        mapper.writeValue(file.toFile(), config);
        assertTrue(refusal().contains("text_encoder"), refusal());
        config.put("is_encoder_decoder", false).set("text_encoder", text);
        mapper.writeValue(file.toFile(), config);
        assertTrue(refusal().contains("is_encoder_decoder is false"), refusal());
    }

    @Test
    void halvesRoundEveryWeight() throws IOException {
        MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 3);
        ModelDirectory.save(model, directory, Format.F16);
        float[] expected = kernels.readFloats(model.parameters().flat());
        for (int i = 0; i < expected.length; i++) {
            expected[i] = TensorTypes.halfToFloat(TensorTypes.floatToHalf(expected[i]));
        }
        MusicTransformer loaded = ModelDirectory.load(directory, kernels);
        assertArrayEquals(expected, kernels.readFloats(loaded.parameters().flat()), 0.0f);
    }

    @Test
    void positionsMayBeLeftOut() throws IOException {
        saved(Head.CODES);
        change(tensors -> tensors.remove(ParameterNames.POSITIONS));
        MusicTransformer loaded = ModelDirectory.load(directory, kernels);
        MusicTransformer fresh = new MusicTransformer(kernels, loaded.config());
        assertArrayEquals(kernels.readFloats(fresh.positions()), kernels.readFloats(loaded.positions()), 0.0f);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTextEmbeddingMayGoByItsSecondName(boolean both) throws IOException {
        MusicTransformer model = saved(Head.CODES);
        change(tensors -> {
            float[] embedding = tensors.get(ParameterNames.TEXT_EMBEDDING);
            tensors.put(ParameterNames.TEXT_EMBEDDING_ALIAS, both ? new float[embedding.length] : embedding);
            if (!both) {
                tensors.remove(ParameterNames.TEXT_EMBEDDING);
            }
        });
        MusicTransformer loaded = ModelDirectory.load(directory, kernels);
        assertArrayEquals(
                kernels.readFloats(model.parameters().flat()),
                kernels.readFloats(loaded.parameters().flat()),
                0.0f);
    }

    @Test
    void theTrunkGoesUnderAnotherHead() throws IOException {
        MusicTransformer policy = saved(Head.CODES);
        ModelConfig config = policy.config().withHead(Head.SCALAR);
        MusicTransformer value = TinyModels.random(kernels, config, 9);
        float[] score = kernels.readFloats(value.parameters().get(ParameterNames.SCALAR_HEAD + "weight"));
        int loaded = ModelDirectory.loadTrunk(directory, value);
        int shared = 0;
        for (ParameterLayout.Entry e : value.parameters().layout().entries()) {
            if (policy.parameters().layout().has(e.name())) {
                assertArrayEquals(
                        kernels.readFloats(policy.parameters().get(e.name())),
                        kernels.readFloats(value.parameters().get(e.name())),
                        0.0f,
                        e.name());
                shared++;
            }
        }
        assertEquals(shared, loaded);
        assertEquals(value.parameters().layout().entries().size() - 2, loaded);
        assertArrayEquals(
                score, kernels.readFloats(value.parameters().get(ParameterNames.SCALAR_HEAD + "weight")), 0.0f);
        assertArrayEquals(kernels.readFloats(policy.positions()), kernels.readFloats(value.positions()), 0.0f);
    }

    @Test
    void momentsSurviveTheRoundTrip() throws IOException {
        MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 3);
        Path file = directory.resolve("moment.safetensors");
        ModelDirectory.saveLike(model.parameters(), kernels, file);
        Parameters back = model.zerosLike();
        ModelDirectory.loadLike(back, kernels, file);
        assertArrayEquals(kernels.readFloats(model.parameters().flat()), kernels.readFloats(back.flat()), 0.0f);
        Parameters other =
                TinyModels.random(kernels, TinyModels.config(1, Head.SCALAR), 3).zerosLike();
        assertThrows(InvalidFileException.class, () -> ModelDirectory.loadLike(other, kernels, file));
    }

    @Test
    void damagedWeightsAreRefused() throws IOException {
        saved(Head.CODES);
        change(tensors -> tensors.get(HEAD)[5] = Float.NaN);
        assertEquals("tensor " + HEAD + " holds a value that is not finite", refusal());
        change(tensors -> tensors.get(HEAD)[5] = Float.NEGATIVE_INFINITY);
        assertEquals("tensor " + HEAD + " holds a value that is not finite", refusal());
        change(tensors -> tensors.put(HEAD, new float[55]));
        assertEquals("tensor " + HEAD + " has shape [55], but config.json asks for [7, 8]", refusal());
        change(tensors -> tensors.remove(HEAD));
        assertEquals("tensor " + HEAD + " is missing", refusal());
        Files.delete(directory.resolve(ModelDirectory.WEIGHTS));
        assertEquals("there is no such file", refusal());
    }

    @Test
    void aMissingTextEmbeddingIsNamed() throws IOException {
        saved(Head.CODES);
        change(tensors -> tensors.remove(ParameterNames.TEXT_EMBEDDING));
        assertEquals("tensor " + ParameterNames.TEXT_EMBEDDING + " is missing", refusal());
    }

    @Test
    void directoriesWithoutModel() throws IOException {
        assertTrue(refusal().contains("a model directory holds config.json and model.safetensors"));
        Path none = directory.resolve("none");
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> ModelDirectory.load(none, kernels));
        assertEquals(none + ": there is no such checkpoint directory", e.getMessage());
    }

    private void configure(String json) throws IOException {
        Files.writeString(directory.resolve(ModelDirectory.CONFIG), json);
    }

    private void configure(Consumer<ObjectNode> edit) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode config = (ObjectNode)
                mapper.readTree(directory.resolve(ModelDirectory.CONFIG).toFile());
        edit.accept(config);
        configure(config.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "text_encoder | vocab_size | 12 | has shape [11, 6], but config.json asks for [12, 6]",
                "text_encoder | vocab_size | 0 | text_encoder.vocab_size is 0, but must be a positive integer",
                "decoder | vocab_size | -7 | decoder.vocab_size is -7, but must be a positive integer",
                "decoder | vocab_size | 7.5 | decoder.vocab_size is 7.5, but must be a positive integer",
                "decoder | vocab_size | \"7\" | decoder.vocab_size is \"7\", but must be a positive integer",
                "decoder | vocab_size | 99999999999 | decoder.vocab_size is 99999999999, but must be",
                "decoder | vocab_size | 2147483647 | describes a model of more than 2^31 parameters",
                "decoder | vocab_size | 20000000 | but config.json asks for [20000000, 8]",
                "decoder | hidden_size | 9 | in decoder, width is 9, but must be even",
                "decoder | num_hidden_layers | 2000000000 | layers is 2000000000, but must lie in [1, 1000]",
                "decoder | num_hidden_layers | 3 | tensor decoder.model.decoder.layers.2.self_attn.q_proj.weight is",
                "decoder | num_codebooks | 2000000000 | codebooks is 2000000000, but must lie in [1, 64]",
                "decoder | max_position_embeddings | 2000000000 | maxPositions is 2000000000, but must lie in",
                "decoder | max_position_embeddings | 23 | tensor decoder.model.decoder.embed_positions.weights has",
                "decoder | activation_function | \"swish\" | decoder.activation_function is \"swish\"; supported are",
                "decoder | scale_embedding | true | decoder.scale_embedding is \"true\", but must be \"false\"",
                "decoder | audio_channels | 3 | in decoder, audioChannels is 3, but must be 1, or 2 with an even number of",
                "text_encoder | num_layers | null | text_encoder.num_layers is null, but must be",
                "text_encoder | feed_forward_proj | \"gated-gelu\" | text_encoder.feed_forward_proj is \"gated-gelu\"",
                "text_encoder | layer_norm_epsilon | -1 | in text_encoder, epsilon is -1.0, but must lie in (0, 1)",
                "text_encoder | relative_attention_max_distance | 2 | in text_encoder, maxDistance is 2, but must be",
                "text_encoder | model_type | \"bert\" | text_encoder.model_type is \"bert\", but must be \"t5\""
            })
    void configurationsThatDoNotFit(String section, String key, String value, String part) throws IOException {
        saved(Head.CODES);
        ObjectMapper mapper = new ObjectMapper();
        JsonNode node = mapper.readTree(value);
        configure(config -> ((ObjectNode) config.get(section)).set(key, node));
        String problem = refusal();
        assertTrue(problem.contains(part), problem);
    }

    @Test
    void configurationsThatAreNone() throws IOException {
        saved(Head.CODES);
        configure(config -> config.put("encore_head", "both"));
        assertEquals("encore_head is \"both\", but must be codes or scalar", refusal());
        configure(config -> config.remove("decoder"));
        assertTrue(refusal().startsWith("decoder.model_type is \"\""));
        configure("{\"model_type\": \"musicgen\",\n oops}");
        assertTrue(refusal().toLowerCase(Locale.ROOT).startsWith("is not valid json"));
        for (String json : new String[] {"", "[]", "null", "{}", "{\"model_type\": \"llama\"}"}) {
            configure(json);
            assertTrue(refusal().startsWith("model_type is "), json);
        }
    }

    /** The configuration is complete for other readers of the layout. */
    @Test
    void theWrittenConfigurationIsComplete() throws IOException {
        saved(Head.SCALAR);
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(directory.resolve(ModelDirectory.CONFIG).toFile());
        assertEquals("musicgen", config.get("model_type").asText());
        assertEquals("scalar", config.get("encore_head").asText());
        assertEquals(7, config.at("/decoder/vocab_size").asInt());
        assertEquals(7, config.at("/decoder/bos_token_id").asInt());
        assertEquals(2, config.at("/decoder/num_codebooks").asInt());
        assertEquals(11, config.at("/text_encoder/vocab_size").asInt());
        assertEquals(3, config.at("/text_encoder/d_kv").asInt());
        assertEquals(1e-6, config.at("/text_encoder/layer_norm_epsilon").asDouble(), 0.0);
    }
}
