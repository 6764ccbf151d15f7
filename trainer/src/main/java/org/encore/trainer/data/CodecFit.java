package org.encore.trainer.data;

import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.music.codec.AudioCodec;

/** Whether a model plays the codes of a codec. */
public final class CodecFit {
    private CodecFit() {}

    /**
     * Fails unless it does.
     *
     * @param checkpoint where the model is, for the message
     * @throws InvalidFileException if the numbers of codebooks or codes differ
     */
    public static void require(Path checkpoint, DecoderConfig decoder, AudioCodec codec) {
        if (decoder.codebooks() != codec.codebooks() || decoder.vocabulary() != codec.cardinality()) {
            throw new InvalidFileException(
                    checkpoint,
                    "the model has " + decoder.codebooks() + " codebooks of " + decoder.vocabulary()
                            + " codes, but the codec has " + codec.codebooks() + " of " + codec.cardinality());
        }
    }
}
