package org.encore.model.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parity.GoldenParity.TensorComparison;
import org.encore.model.parity.GoldenParity.TensorComparison.Status;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A tiny MusicGen against the results of the reference implementation. */
@EnabledIfEnvironmentVariable(
        named = "ENCORE_SHARED",
        matches = ".+",
        disabledReason =
                "parity with the reference left out: set ENCORE_SHARED to the directory that holds data/golden")
class GoldenParityTest {
    /** Largest error accepted here; the parity command of users tolerates more. */
    private static final double VALUE_ERROR = 1e-5;

    @TempDir
    Path directory;

    private static Path golden() {
        return Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "hf_musicgen_tiny");
    }

    private static long count(List<TensorComparison> comparisons, Status status) {
        return comparisons.stream().filter(c -> c.status() == status).count();
    }

    @Test
    void everyValueAndGradientAgrees() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                GoldenParity parity = GoldenParity.open(golden(), golden().resolve("golden.safetensors"), kernels)) {
            List<TensorComparison> values = parity.values();
            List<TensorComparison> gradients = parity.gradients(golden().resolve("grads.safetensors"));
            for (List<TensorComparison> all : List.of(values, gradients)) {
                for (TensorComparison c : all) {
                    assertTrue(c.status() != Status.FAILED, c::toString);
                    assertTrue(!(c.largestError() > VALUE_ERROR), c::toString);
                }
            }
            assertTrue(count(values, Status.PASSED) >= 16, values::toString);
            for (String ofCodec : List.of("audio", "enc_emb", "enc_codes", "gen_audio_cfg3_greedy")) {
                assertEquals(Status.PASSED, status(values, ofCodec), ofCodec);
            }
            assertTrue(count(gradients, Status.PASSED) >= 63, gradients::toString);
        }
    }

    /** A compression model in audiocraft's layout, whose sizes its tensors tell. */
    @Test
    void aCodecOfAudiocraftAgrees() throws IOException {
        Path audiocraft = golden().resolveSibling("audiocraft_tiny");
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                GoldenParity parity =
                        GoldenParity.open(audiocraft, audiocraft.resolve("encodec_golden.safetensors"), kernels)) {
            List<TensorComparison> values = parity.values();
            for (String tensor : List.of("codes", "latent", "recon", "dequant", "rand_audio")) {
                assertEquals(Status.PASSED, status(values, tensor), tensor);
            }
            assertTrue(values.stream().noneMatch(c -> c.largestError() > VALUE_ERROR), values::toString);
        }
    }

    /** Both channels of given codes: even rows left, odd rows right. */
    @Test
    void theSoundOfAStereoModelAgrees() throws IOException {
        Path stereo = golden().resolveSibling("hf_musicgen_stereo");
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                SafetensorsFile values = SafetensorsFile.open(stereo.resolve("golden.safetensors"))) {
            float[] sound = new CodecParity(stereo, values, kernels).values("audio");
            assertArrayEquals(values.floats("audio"), sound, (float) VALUE_ERROR);
        }
    }

    /** The check must detect a small error of one weight. */
    @Test
    void aDamagedModelFails() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = ModelDirectory.load(golden(), kernels);
            String name = "decoder.model.decoder.layers.1.fc2.weight";
            float[] weights = kernels.readFloats(model.parameters().get(name));
            weights[3] += 0.05f;
            kernels.write(model.parameters().get(name), weights);
            ModelDirectory.save(model, directory);
        }
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                GoldenParity parity = GoldenParity.open(directory, golden().resolve("golden.safetensors"), kernels)) {
            List<TensorComparison> values = parity.values();
            assertEquals(Status.FAILED, status(values, "logits"));
            assertEquals(Status.FAILED, status(values, "logp"));
            assertEquals(Status.NOT_COVERED, status(values, "audio"), "what was written has no codec");
            assertEquals(Status.PASSED, status(values, "t5_out"), "the text encoder is whole");
            assertTrue(count(parity.gradients(golden().resolve("grads.safetensors")), Status.FAILED) > 0);
        }
    }

    private static Status status(List<TensorComparison> comparisons, String tensor) {
        return comparisons.stream()
                .filter(c -> c.tensor().equals(tensor))
                .findFirst()
                .orElseThrow()
                .status();
    }
}
