package org.encore.model.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.SafetensorsFile;

/** A model and the values that another implementation computed from the same weights. */
public sealed interface Parity extends AutoCloseable permits GoldenParity, AudiocraftParity {
    /**
     * Loads both sides.
     *
     * @param model a directory in the Hugging Face layout, or one with {@code lm.safetensors} in audiocraft's names; either may be
     *     compared with the values of either implementation
     * @param goldenFile inputs and expected values
     * @throws InvalidFileException if the model or the golden file cannot be used
     */
    static Parity open(Path model, Path goldenFile, Kernels kernels) throws IOException {
        SafetensorsFile golden = SafetensorsFile.open(goldenFile);
        try {
            return golden.has(AudiocraftParity.SEQUENCE)
                    ? AudiocraftParity.open(model, golden, kernels)
                    : GoldenParity.open(model, goldenFile, golden, kernels);
        } catch (IOException | RuntimeException e) {
            golden.close();
            throw e;
        }
    }

    /** Compares every tensor of the golden file. */
    List<TensorComparison> values() throws IOException;

    /** Compares the gradient by every parameter that a file names. */
    List<TensorComparison> gradients(Path gradientsFile) throws IOException;

    @Override
    void close() throws IOException;
}
