package org.encore.model.pretrained;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.encodec.CodecTensors;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.kernels.Kernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AudiocraftNames;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.model.weights.WeightFiles;

/**
 * Makes a MusicGen directory in the Hugging Face layout of audiocraft's two state dicts and a text encoder, which audiocraft
 * stores nowhere. Numbers are copied as they are.
 *
 * @param decoder {@value AudiocraftNames#FILE}, or a directory that holds it
 * @param codec a directory with {@value EncodecModel#AUDIOCRAFT}, or with an EnCodec in the Hugging Face layout
 * @param text a directory with a T5 in the Hugging Face layout, alone or in a MusicGen checkpoint, and its tokenizer
 * @param heads attention heads of the decoder; empty for heads of the width 64, which all published models have
 */
public record AudiocraftConversion(Path decoder, Path codec, Path text, OptionalInt heads) {
    private static final String TEXT = "text_encoder";

    /**
     * Writes the directory, once the model and its codec have been loaded from it.
     *
     * @throws InvalidFileException if a part is missing, damaged, or does not fit the others
     */
    public void write(Path target, Kernels kernels) throws IOException {
        Path file = Files.isDirectory(decoder) ? decoder.resolve(AudiocraftNames.FILE) : decoder;
        try (SafetensorsFile weights = SafetensorsFile.open(file);
                CodecTensors sound = CodecTensors.open(codec);
                WeightFiles words = WeightFiles.open(text);
                TextTokenizer tokenizer = TextTokenizer.load(text, TextTokenizer.MAX_TOKENS)) {
            AtomicFiles.writeDirectory(target, directory -> {
                write(weights, sound, words, directory);
                tokenizer.copyTo(directory);
                MusicTransformer model = CheckpointInfo.of(directory).load(kernels);
                EncodecModel.load(directory, model.kernels());
            });
        }
    }

    private void write(SafetensorsFile weights, CodecTensors sound, WeightFiles words, Path directory)
            throws IOException {
        JsonNode t5 = textConfig();
        requireProjection(weights, t5);
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        addText(writer, words);
        DecoderConfig sizes = AudiocraftNames.addTo(writer, weights, heads, channels(weights, sound));
        sound.addTo(writer);
        writer.write(directory.resolve(ModelDirectory.WEIGHTS));

        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("model_type", "musicgen").put("is_encoder_decoder", true);
        root.putArray("architectures").add("MusicgenForConditionalGeneration");
        root.set(TEXT, t5);
        root.set("audio_encoder", sound.description());
        root.set("decoder", ModelDirectory.describe(sizes));
        CompanionFiles.json(directory.resolve(ModelDirectory.CONFIG), root);
        CompanionFiles.write(directory, sizes, sound.config().sampleRate());
    }

    private JsonNode textConfig() throws IOException {
        Path file = text.resolve(ModelDirectory.CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(
                    file, "there is no such file; the text encoder is a T5 with its config.json");
        }
        try {
            JsonNode root = new ObjectMapper().readTree(file.toFile());
            JsonNode config = root.path(TEXT).isObject() ? root.path(TEXT) : root;
            if (!config.path("model_type").asText().equals("t5")) {
                throw new InvalidFileException(
                        file, "model_type is " + config.path("model_type") + ", but the text encoder must be a \"t5\"");
            }
            return config;
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, "is not valid JSON: " + JsonProblems.of(e), e);
        }
    }

    /** The layout has a projection of the text only where both widths differ. */
    private void requireProjection(SafetensorsFile weights, JsonNode t5) {
        int width = weights.entry("out_norm.weight").size();
        int reads = AudiocraftNames.projectedWidth(weights).orElse(width);
        int gives = t5.path("d_model").asInt();
        boolean projects = AudiocraftNames.projectedWidth(weights).isPresent();
        if (reads != gives) {
            throw new InvalidFileException(
                    text,
                    "its states have a width of " + gives + ", but " + weights.path() + " reads a width of " + reads);
        }
        if (projects && gives == width) {
            throw new InvalidFileException(
                    weights.path(),
                    "projects text states of its own width " + width + ", which the Hugging Face layout cannot say");
        }
    }

    private void addText(SafetensorsWriter writer, WeightFiles words) {
        String prefix = words.names().stream().anyMatch(name -> name.startsWith(TEXT + ".")) ? TEXT + "." : "";
        for (String name : words.names()) {
            String own = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
            // A whole T5 has a decoder too.
            if (own.equals("shared.weight") || own.startsWith("encoder.")) {
                writer.copy(words, name, TEXT + "." + own);
            }
        }
    }

    private static int channels(SafetensorsFile weights, CodecTensors sound) {
        long codebooks =
                weights.names().stream().filter(name -> name.startsWith("emb.")).count();
        int own = sound.config().codebooks();
        if (codebooks != own && codebooks != 2L * own) {
            throw new InvalidFileException(
                    weights.path(),
                    "generates " + codebooks + " codebooks, but the codec has " + own
                            + "; a mono model has as many, a stereo model twice as many");
        }
        return codebooks == own ? 1 : 2;
    }
}
