package org.encore.model.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.encore.base.files.AtomicFiles;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter.Format;

/** The small files of a MusicGen directory beside weights and tokenizer, as the reference implementation writes them. */
final class CompanionFiles {
    private CompanionFiles() {}

    /**
     * The {@code config.json} of a model with its codec.
     *
     * @param codec the {@code audio_encoder}
     */
    static ObjectNode configuration(ModelConfig config, ObjectNode codec, Format format) {
        ObjectNode root = ModelDirectory.configuration(config);
        root.putArray("architectures").add("MusicgenForConditionalGeneration");
        root.put(
                "torch_dtype",
                switch (format) {
                    case F16 -> "float16";
                    case BF16 -> "bfloat16";
                    case F32 -> "float32";
                    case F64 -> "float64";
                });
        root.set("audio_encoder", codec);
        ObjectNode decoder = (ObjectNode) root.get("decoder");
        decoder.put("decoder_start_token_id", config.decoder().startToken());
        return root;
    }

    /** Writes {@code generation_config.json} and {@code preprocessor_config.json}. */
    static void write(Path directory, DecoderConfig decoder, int sampleRate) throws IOException {
        json(directory.resolve("generation_config.json"), generation(decoder.startToken()));
        json(directory.resolve("preprocessor_config.json"), preprocessing(decoder.audioChannels(), sampleRate));
    }

    private static ObjectNode generation(int start) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("bos_token_id", start).put("pad_token_id", start).put("decoder_start_token_id", start);
        return root.put("do_sample", true).put("guidance_scale", 3.0).put("max_length", 1500);
    }

    private static ObjectNode preprocessing(int channels, int sampleRate) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("feature_extractor_type", "EncodecFeatureExtractor").put("processor_class", "MusicgenProcessor");
        root.put("feature_size", channels).put("sampling_rate", sampleRate);
        root.put("padding_side", "left").put("padding_value", 0.0).put("return_attention_mask", true);
        return root.putNull("chunk_length_s").putNull("overlap");
    }

    /** Writes the {@code tokenizer_config.json} of a tokenizer of words. */
    static void writeTokenizing(Path directory) throws IOException {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("tokenizer_class", "PreTrainedTokenizerFast").put("model_max_length", TextTokenizer.MAX_TOKENS);
        root.put("pad_token", "<pad>").put("eos_token", "</s>").put("unk_token", "<unk>");
        json(directory.resolve("tokenizer_config.json"), root);
    }

    static void json(Path file, JsonNode root) throws IOException {
        AtomicFiles.write(
                file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }
}
