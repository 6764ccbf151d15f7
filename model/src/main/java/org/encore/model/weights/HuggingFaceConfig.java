package org.encore.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;

/** {@code config.json} of a MusicGen model. */
final class HuggingFaceConfig {
    private static final String CODEC = "encore_codec";
    private static final String AUDIO_ENCODER = "audio_encoder.model_type";

    private final Path path;
    private final JsonNode root;

    private HuggingFaceConfig(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /**
     * Reads the sizes.
     *
     * @throws InvalidFileException if the file is absent, is no MusicGen configuration, or asks for what is not supported
     */
    static ModelConfig read(Path path) throws IOException {
        return parse(path).model();
    }

    /** Whether a file is a configuration of the reference implementation, with its codec's. */
    static boolean isReference(Path path) throws IOException {
        return parse(path).isReference();
    }

    private static HuggingFaceConfig parse(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidFileException(
                    path, "there is no such file; a model directory holds config.json and model.safetensors");
        }
        try {
            return new HuggingFaceConfig(path, new ObjectMapper().readTree(path.toFile()));
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(path, "is not valid JSON: " + JsonProblems.of(e), e);
        }
    }

    private ModelConfig model() {
        require("model_type", "", "musicgen");
        require("decoder.model_type", "", "musicgen_decoder");
        require("decoder.scale_embedding", "false", "false");
        require("decoder.tie_word_embeddings", "false", "false");
        String head = at("encore_head").asText("codes");
        if (!head.equals("codes") && !head.equals("scalar")) {
            throw new InvalidFileException(path, "encore_head is \"" + head + "\", but must be codes or scalar");
        }
        return new ModelConfig(
                readsText() ? Optional.of(text()) : Optional.empty(),
                decoder(),
                head.equals("codes") ? ModelConfig.Head.CODES : ModelConfig.Head.SCALAR,
                codec());
    }

    /** Encore's own key, or the type of codec that a MusicGen checkpoint names. */
    private Optional<String> codec() {
        for (String key : List.of(CODEC, AUDIO_ENCODER)) {
            JsonNode name = at(key);
            if (name.isTextual()) {
                return Optional.of(name.asText());
            }
            if (!name.isMissingNode()) {
                throw new InvalidFileException(path, key + " is " + name + ", but must be the name of a codec");
            }
        }
        return Optional.empty();
    }

    /** A model without text says so in its configuration; one that only lacks its text encoder is damaged. */
    private boolean readsText() {
        boolean alone = at("is_encoder_decoder").asText("true").equals("false");
        if (alone && !at("text_encoder").isMissingNode()) {
            throw new InvalidFileException(
                    path, "is_encoder_decoder is false, but there is a text_encoder; remove one of the two");
        }
        return !alone;
    }

    private TextEncoderConfig text() {
        require("text_encoder.model_type", "", "t5");
        require("text_encoder.feed_forward_proj", "relu", "relu");
        require("text_encoder.is_gated_act", "false", "false");
        try {
            return new TextEncoderConfig(
                    integer("text_encoder.vocab_size"),
                    integer("text_encoder.d_model"),
                    integer("text_encoder.d_kv"),
                    integer("text_encoder.d_ff"),
                    integer("text_encoder.num_layers"),
                    integer("text_encoder.num_heads"),
                    integer("text_encoder.relative_attention_num_buckets"),
                    integer("text_encoder.relative_attention_max_distance"),
                    at("text_encoder.layer_norm_epsilon").asDouble(1e-6),
                    isProjected());
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(path, "in text_encoder, " + e.getMessage(), e);
        }
    }

    /** The reference implementation has a projection only where the widths differ; our own models always have one. */
    private boolean isProjected() {
        return integer("text_encoder.d_model") != integer("decoder.hidden_size") || !isReference();
    }

    /** True if the configuration is one of the reference implementation, which always holds its codec's. */
    private boolean isReference() {
        return at("audio_encoder").isObject();
    }

    private DecoderConfig decoder() {
        try {
            return new DecoderConfig(
                    integer("decoder.vocab_size"),
                    integer("decoder.num_codebooks"),
                    integer("decoder.hidden_size"),
                    integer("decoder.ffn_dim"),
                    integer("decoder.num_hidden_layers"),
                    integer("decoder.num_attention_heads"),
                    integer("decoder.max_position_embeddings"),
                    activation(at("decoder.activation_function").asText("gelu")),
                    at("decoder.audio_channels").isMissingNode() ? 1 : integer("decoder.audio_channels"));
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(path, "in decoder, " + e.getMessage(), e);
        }
    }

    private Activation activation(String name) {
        return switch (name) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            case "elu" -> Activation.ELU;
            default ->
                throw new InvalidFileException(
                        path,
                        "decoder.activation_function is \"" + name
                                + "\"; supported are gelu, gelu_new, gelu_pytorch_tanh, relu and elu");
        };
    }

    /** The value of a dotted key; a missing node if absent. */
    private JsonNode at(String key) {
        return root.at("/" + key.replace('.', '/'));
    }

    private void require(String key, String absent, String expected) {
        String actual = at(key).asText(absent);
        if (!actual.equals(expected)) {
            throw new InvalidFileException(path, key + " is \"" + actual + "\", but must be \"" + expected + "\"");
        }
    }

    private int integer(String key) {
        JsonNode value = at(key);
        if (!value.isInt() || value.asInt() < 1) {
            String found = value.isMissingNode() ? "missing" : value.toString();
            throw new InvalidFileException(path, key + " is " + found + ", but must be a positive integer");
        }
        return value.asInt();
    }

    /** The configuration as JSON, complete enough for other readers of this layout. */
    static ObjectNode write(ModelConfig config) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("model_type", "musicgen");
        root.put("is_encoder_decoder", config.readsText());
        if (config.head() == ModelConfig.Head.SCALAR) {
            root.put("encore_head", "scalar");
        }
        config.codec().ifPresent(name -> root.put(CODEC, name));
        config.text().ifPresent(t -> writeText(t, root.putObject("text_encoder")));
        writeDecoder(config.decoder(), root.putObject("decoder"));
        return root;
    }

    private static void writeText(TextEncoderConfig t, ObjectNode text) {
        text.put("model_type", "t5").put("vocab_size", t.vocabulary()).put("d_model", t.width());
        text.put("d_kv", t.headWidth()).put("d_ff", t.feedForward()).put("num_layers", t.layers());
        text.put("num_heads", t.heads()).put("relative_attention_num_buckets", t.buckets());
        text.put("relative_attention_max_distance", t.maxDistance()).put("layer_norm_epsilon", t.epsilon());
        text.put("feed_forward_proj", "relu").put("pad_token_id", 0).put("eos_token_id", 1);
    }

    private static void writeDecoder(DecoderConfig d, ObjectNode decoder) {
        decoder.put("model_type", "musicgen_decoder").put("vocab_size", d.vocabulary());
        decoder.put("num_codebooks", d.codebooks())
                .put("hidden_size", d.width())
                .put("ffn_dim", d.feedForward());
        decoder.put("num_hidden_layers", d.layers()).put("num_attention_heads", d.heads());
        decoder.put("max_position_embeddings", d.maxPositions()).put("activation_function", name(d.activation()));
        decoder.put("scale_embedding", false)
                .put("audio_channels", d.audioChannels())
                .put("tie_word_embeddings", false);
        decoder.put("pad_token_id", d.startToken()).put("bos_token_id", d.startToken());
    }

    private static String name(Activation activation) {
        return switch (activation) {
            case GELU -> "gelu";
            case GELU_TANH -> "gelu_pytorch_tanh";
            case RELU -> "relu";
            case ELU -> "elu";
        };
    }
}
