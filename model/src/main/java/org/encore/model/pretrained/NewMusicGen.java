package org.encore.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.AtomicFiles;
import org.encore.model.encodec.CodecTensors;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.model.weights.SafetensorsWriter.Format;

/**
 * A model as a MusicGen directory with the codec of another directory: how a model of sound that is trained from scratch begins.
 * Every checkpoint of its training keeps this layout, so that all of them play.
 *
 * @param model text encoder and decoder
 * @param tokenizer writes the files of the tokenizer
 * @param codec directory of the codec, in any layout that can be read; its numbers are copied as they are
 */
public record NewMusicGen(MusicTransformer model, TokenizerFiles tokenizer, Path codec) {
    /** Writes the files of a tokenizer into a directory. */
    @FunctionalInterface
    public interface TokenizerFiles {
        void write(Path directory) throws IOException;

        /** Those of a tokenizer of words, by id. */
        static TokenizerFiles ofWords(List<String> words) {
            return directory -> {
                CompanionFiles.writeTokenizing(directory);
                WordTokenizer.write(words, directory);
            };
        }
    }

    /**
     * Writes the directory, weights in 32 bits, all at once.
     *
     * @param target a directory that does not exist yet
     */
    public void write(Path target) throws IOException {
        AtomicFiles.writeDirectory(target, directory -> writeInto(directory, Format.F32));
    }

    /** Writes the files into a directory that is there. */
    public void writeInto(Path directory, Format format) throws IOException {
        try (CodecTensors sound = CodecTensors.open(codec)) {
            CompanionFiles.json(
                    directory.resolve(ModelDirectory.CONFIG),
                    CompanionFiles.configuration(model.config(), sound.description(), format));
            CompanionFiles.write(
                    directory, model.config().decoder(), sound.config().sampleRate());
            tokenizer.write(directory);
            weights(sound, format).write(directory.resolve(ModelDirectory.WEIGHTS));
        }
    }

    private SafetensorsWriter weights(CodecTensors sound, Format format) {
        SafetensorsWriter writer = new SafetensorsWriter(format);
        for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
            writer.add(e.name(), e.shape(), () -> model.kernels()
                    .readFloats(model.parameters().get(e.name())));
        }
        DecoderConfig decoder = model.config().decoder();
        writer.add(ParameterNames.POSITIONS, List.of(decoder.maxPositions(), decoder.width()), () -> model.kernels()
                .readFloats(model.positions()));
        sound.addTo(writer);
        return writer;
    }
}
