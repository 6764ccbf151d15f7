package org.encore.model.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parity.TensorComparison.Status;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.WeightFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        return golden("hf_musicgen_tiny");
    }

    private static Path golden(String name) {
        return Path.of(System.getenv("ENCORE_SHARED"), "data", "golden").resolve(name);
    }

    private static List<TensorComparison> compare(Path model, String goldenFile, Optional<String> gradients)
            throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                Parity parity = Parity.open(model, model.resolve(goldenFile), kernels)) {
            List<TensorComparison> all = new ArrayList<>(parity.values());
            if (gradients.isPresent()) {
                all.addAll(parity.gradients(model.resolve(gradients.get())));
            }
            return all;
        }
    }

    private static void assertPassed(List<TensorComparison> comparisons, String... tensors) {
        for (TensorComparison c : comparisons) {
            assertTrue(c.status() != Status.FAILED, c::toString);
        }
        for (String tensor : tensors) {
            assertEquals(Status.PASSED, status(comparisons, tensor), tensor);
        }
    }

    /** Two interleaved channels, guided policies, and gradients through both branches. */
    @Test
    void aStereoModelAgrees() throws IOException {
        List<TensorComparison> all =
                compare(golden("hf_musicgen_stereo"), "golden.safetensors", Optional.of("grads.safetensors"));
        assertPassed(
                all,
                "logits",
                "delay_mask_bos",
                "loss_supervised",
                "guided_logits",
                "guided_logp",
                "guided_pg_loss",
                "heads_0",
                "heads_1",
                "steered_logits",
                "guided_kl",
                "audio",
                "gen_audio_cfg3_greedy");
        assertTrue(count(all, Status.PASSED) >= 130, all::toString);
    }

    /** The number of heads is found, not told. */
    @Test
    void audiocraftsDecoderAgrees() throws IOException {
        List<TensorComparison> all = compare(golden("audiocraft_tiny"), "lm_golden.safetensors", Optional.empty());
        assertPassed(all, "pattern_seq", "logits", "ce", "cfg3_logits", "cfg3_greedy_codes", "cfg3_greedy_cont");
        assertTrue(count(all, Status.PASSED) >= 36, all::toString);
    }

    @Test
    void shardsInBfloat16Agree() throws IOException {
        assertPassed(
                compare(golden("hf_musicgen_stereo/sharded-bf16"), "golden.safetensors", Optional.empty()), "logits");
    }

    /** Written back, it has the files, names, shapes and number formats that it came with, codec included. */
    @ParameterizedTest
    @ValueSource(strings = {"hf_musicgen_tiny", "hf_musicgen_stereo", "hf_musicgen_stereo/sharded-bf16"})
    void aModelIsWrittenAsItCame(String name) throws IOException {
        Path source = golden(name);
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = ModelDirectory.load(source, kernels);
            kernels.scale(model.parameters().get("decoder.lm_heads.0.weight"), 2.0);
            ModelDirectory.saveAs(model, source, directory);
            assertEquals(name.contains("bf16"), ModelDirectory.isRounded(source));
            MusicTransformer back = ModelDirectory.load(directory, kernels);
            // A doubled bfloat16 is one too.
            assertArrayEquals(
                    kernels.readFloats(model.parameters().flat()),
                    kernels.readFloats(back.parameters().flat()));
        }
        assertEquals(
                Files.readString(source.resolve("config.json")), Files.readString(directory.resolve("config.json")));
        try (WeightFiles before = WeightFiles.open(source);
                WeightFiles after = WeightFiles.open(directory)) {
            assertEquals(List.copyOf(before.names()), List.copyOf(after.names()));
            assertTrue(before.names().stream().anyMatch(each -> each.startsWith("audio_encoder.")));
            for (String tensor : before.names()) {
                assertEquals(before.entry(tensor).type(), after.entry(tensor).type());
                assertEquals(before.entry(tensor).shape(), after.entry(tensor).shape());
                if (!tensor.equals("decoder.lm_heads.0.weight")) {
                    assertArrayEquals(before.floats(tensor), after.floats(tensor), tensor);
                }
            }
        }
    }

    private static long count(List<TensorComparison> comparisons, Status status) {
        return comparisons.stream().filter(c -> c.status() == status).count();
    }

    @Test
    void everyValueAndGradientAgrees() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                Parity parity = Parity.open(golden(), golden().resolve("golden.safetensors"), kernels)) {
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
        List<TensorComparison> all = compare(golden("audiocraft_tiny"), "encodec_golden.safetensors", Optional.empty());
        assertPassed(all, "codes", "latent", "recon", "dequant", "rand_audio");
        assertTrue(all.stream().noneMatch(c -> c.largestError() > VALUE_ERROR), all::toString);
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
                Parity parity = Parity.open(directory, golden().resolve("golden.safetensors"), kernels)) {
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
