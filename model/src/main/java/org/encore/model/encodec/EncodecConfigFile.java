package org.encore.model.encodec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;

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

    /** The {@code audio_encoder} of a codec, complete enough for other readers of the layout. */
    public static ObjectNode json(EncodecConfig c) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("model_type", EncodecConfig.MODEL_TYPE).put("norm_type", "weight_norm");
        root.put("normalize", false).putNull("chunk_length_s").putNull("overlap");
        // The reference takes the bits of a frame from the bandwidth; a little more than K codes rounds down to K.
        double framesPerSecond = Math.ceil(c.framesPerSecond());
        root.putArray("target_bandwidths")
                .add((c.codebooks() + 0.4) * framesPerSecond * EncodecConfig.BITS_PER_CODE / 1000.0);
        root.put("sampling_rate", c.sampleRate()).put("audio_channels", c.channels());
        root.put("hidden_size", c.hidden()).put("codebook_dim", c.hidden()).put("codebook_size", c.codebookSize());
        root.put("num_filters", c.filters()).put("num_residual_layers", c.residualLayers());
        c.ratios().forEach(root.putArray("upsampling_ratios")::add);
        root.put("kernel_size", c.kernels().first())
                .put("last_kernel_size", c.kernels().last());
        root.put("residual_kernel_size", c.kernels().residual()).put("dilation_growth_rate", c.dilationGrowth());
        root.put("use_causal_conv", c.causal())
                .put("pad_mode", c.padMode().name().toLowerCase(Locale.ROOT));
        root.put("compress", c.compress()).put("num_lstm_layers", c.lstmLayers());
        return root.put("trim_right_ratio", c.trimRightRatio()).put("use_conv_shortcut", c.convShortcut());
    }

    /** The object that describes a codec, alone or as a part of a checkpoint, as it stands in a file. */
    static ObjectNode object(Path path) throws IOException {
        JsonNode root = json(path);
        return (ObjectNode) (root.path(PART).isObject() ? root.path(PART) : root);
    }

    private static JsonNode json(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidFileException(path, "there is no such file; a codec has config.json and its weights");
        }
        try {
            return new ObjectMapper().readTree(path.toFile());
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(path, "is not valid JSON: " + JsonProblems.of(e), e);
        }
    }
}
