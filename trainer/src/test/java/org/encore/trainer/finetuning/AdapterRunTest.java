package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.objective.ValueObjective.ClippedSquaredError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that trains adapters, of a guided policy with a value network. */
class AdapterRunTest {
    private static final int STEPS = 4;

    @TempDir
    private Path world;

    private Path run;

    @BeforeEach
    void place() {
        run = world.resolve("run");
    }

    private static Plan plan() {
        return new Plan()
                .steps(STEPS)
                .guidance(2.0)
                .lora(new LoraSettings(4, 8.0, List.of(Target.Q_PROJ, Target.V_PROJ, Target.FC2)))
                .value(new ClippedSquaredError(0.2), 5e-3, 1)
                .checkpointEvery(2);
    }

    @Test
    void onlyAdaptersAreTrainedAndKept() throws IOException {
        FineTuning.Result result = Rehearsal.whole(plan(), run);
        assertTrue(result.klPerCode() > 0.0, "the policy has moved from its base");
        Map<String, String> files = RunFiles.digests(result.checkpoint());
        assertTrue(files.containsKey("adapter_model.safetensors"), files::toString);
        assertTrue(files.containsKey("value/adapter_model.safetensors"), files::toString);
        assertFalse(files.containsKey("model.safetensors"), files::toString);
        JsonNode config = new ObjectMapper()
                .readTree(result.checkpoint().resolve("adapter_config.json").toFile());
        assertEquals("LORA", config.path("peft_type").asText());
        assertEquals(4, config.path("r").asInt());
        assertEquals(8, config.path("lora_alpha").asInt());
        assertEquals(
                "[\"q_proj\",\"v_proj\",\"fc2\"]", config.path("target_modules").toString());
        Map<String, Object> first = RunFiles.metrics(run).get(0);
        assertEquals(0.0, ((Number) first.get("policy/logprob_gap_max")).doubleValue(), 1e-3);
        assertEquals(0.0, ((Number) first.get("kl/exact")).doubleValue(), 1e-12);
    }

    /** The directory of adapters opens as a whole model, which differs from its base. */
    @Test
    void aCheckpointOfAdaptersOpensAsAModel() throws IOException {
        FineTuning.Result result = Rehearsal.whole(plan(), run);
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer base = ModelDirectory.load(TinyWorld.base(), kernels);
            MusicTransformer merged = CheckpointInfo.of(result.checkpoint()).load(kernels);
            String adapted = "decoder.model.decoder.layers.0.fc2.weight";
            String frozen = "decoder.model.decoder.layers.0.fc1.weight";
            double moved = difference(kernels, base, merged, adapted);
            assertTrue(moved > 1e-4 && moved < 1.0, "moved by " + moved);
            assertEquals(0.0, difference(kernels, base, merged, frozen), 0.0);
        }
    }

    private static double difference(Kernels kernels, MusicTransformer a, MusicTransformer b, String name) {
        float[] first = kernels.readFloats(a.parameters().get(name));
        float[] second = kernels.readFloats(b.parameters().get(name));
        double largest = 0;
        for (int i = 0; i < first.length; i++) {
            largest = Math.max(largest, Math.abs(first[i] - second[i]));
        }
        return largest;
    }

    @Test
    void resumedIsUninterrupted() throws IOException {
        FineTuning.Result whole = Rehearsal.whole(plan(), world.resolve("whole"));
        Rehearsal.interrupted(3, plan(), run);
        FineTuning.Result resumed = Rehearsal.resumed(plan(), run);
        assertEquals(RunFiles.digests(whole.checkpoint()), RunFiles.digests(resumed.checkpoint()));
        assertEquals(RunFiles.timelessMetrics(world.resolve("whole")), RunFiles.timelessMetrics(run));
        assertTrue(Files.exists(resumed.checkpoint()));
    }
}
