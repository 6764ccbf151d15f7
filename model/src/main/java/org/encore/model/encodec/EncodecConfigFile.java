package org.encore.model.encodec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;

/**
 * The codec that a {@code config.json} describes: an {@code audio_encoder}, or the whole file.
 *
 * @param config sizes of the codec
 * @param prefix of the codec's tensors in the checkpoint
 */
public record EncodecConfigFile(EncodecConfig config, String prefix) {
    private static final String PART = "audio_encoder";

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if it is absent, describes no EnCodec, or asks for what is not supported
     */
    public static EncodecConfigFile read(Path path) throws IOException {
        JsonNode root = json(path);
        if (root.path(PART).isObject()) {
            return new EncodecConfigFile(EncodecConfig.read(path, root.path(PART), PART + "."), PART + ".");
        }
        return new EncodecConfigFile(EncodecConfig.read(path, root, ""), "");
    }

    /** Whether a file describes a codec, alone or as a part of a checkpoint. */
    static boolean isIn(Path path) throws IOException {
        return json(path).path(PART).isObject() || isAlone(path);
    }

    /** Whether a file describes a codec without a model of its codes. */
    static boolean isAlone(Path path) throws IOException {
        return json(path).path("model_type").asText("").equals(EncodecConfig.MODEL_TYPE);
    }

    private static JsonNode json(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidFileException(path, "there is no such file; a codec has config.json and its weights");
        }
        try {
            return new ObjectMapper().readTree(path.toFile());
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(path, "is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
