package org.encore.model.encodec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.model.weights.WeightFiles;

/** The codec of a directory of any layout as the {@code audio_encoder} of a checkpoint in the Hugging Face layout. */
public final class CodecTensors implements AutoCloseable {
    private final EncodecConfig config;
    private final ObjectNode description;
    private final WeightFiles weights;
    private final String prefix;
    private final UnaryOperator<String> naming;

    private CodecTensors(
            EncodecConfig config,
            ObjectNode description,
            WeightFiles weights,
            String prefix,
            UnaryOperator<String> naming) {
        this.config = config;
        this.description = description;
        this.weights = weights;
        this.prefix = prefix;
        this.naming = naming;
    }

    /**
     * Opens the files.
     *
     * @throws InvalidFileException if there is no codec, or one that cannot be computed here
     */
    public static CodecTensors open(Path directory) throws IOException {
        Path audiocraft = directory.resolve(EncodecModel.AUDIOCRAFT);
        Path file = directory.resolve(ModelDirectory.CONFIG);
        if (!Files.isRegularFile(audiocraft)) {
            EncodecConfigFile found = EncodecConfigFile.read(file);
            return new CodecTensors(
                    found.config(),
                    EncodecConfigFile.object(file),
                    WeightFiles.open(directory),
                    found.prefix(),
                    name -> name);
        }
        WeightFiles weights = WeightFiles.ofFile(audiocraft);
        try {
            AudiocraftLayout layout = AudiocraftLayout.of(WeightSource.of(weights));
            EncodecConfig config =
                    Files.isRegularFile(file) ? EncodecConfigFile.read(file).config() : layout.config();
            return new CodecTensors(
                    config, EncodecConfigFile.json(config), weights, layout.prefix(), CodecTensors::huggingFace);
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** {@code encoder.model.0.conv.conv.weight_g} becomes {@code encoder.layers.0.conv.weight_g}, and so on. */
    private static String huggingFace(String name) {
        return name.replaceFirst("^(en|de)coder\\.model\\.", "$1coder.layers.")
                .replace(".conv.conv.", ".conv.")
                .replace(".convtr.convtr.", ".conv.")
                .replaceFirst("^quantizer\\.vq\\.layers\\.", "quantizer.layers.")
                .replace("._codebook.", ".codebook.");
    }

    /** Sizes of the codec. */
    public EncodecConfig config() {
        return config;
    }

    /** The {@code audio_encoder} object of {@code config.json}. */
    public ObjectNode description() {
        return description;
    }

    /** Adds every tensor; this stays open until the writer has written. */
    public void addTo(SafetensorsWriter writer) {
        for (String name : weights.names()) {
            if (name.startsWith(prefix)) {
                writer.copy(weights, name, ModelDirectory.CODEC_PREFIX + naming.apply(name.substring(prefix.length())));
            }
        }
    }

    @Override
    public void close() throws IOException {
        weights.close();
    }
}
