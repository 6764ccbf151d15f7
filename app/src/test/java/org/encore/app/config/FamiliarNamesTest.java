package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.Invocation;
import org.encore.rewards.specs.RewardKinds.TrainingSpec;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.pretraining.PretrainSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamiliarNamesTest {
    @TempDir
    private Path directory;

    @Test
    void aKeyOfAnotherFrameworkIsTranslated() throws IOException {
        assertEquals(
                "learning_rate is not known; what other frameworks call learning_rate is policy.optimiser.learningRate"
                        + " here",
                problem("learning_rate: 1e-5", FineTuneSettings.class));
        assertEquals(
                "policy.learning_rate is not known; what other frameworks call learning_rate is"
                        + " policy.optimiser.learningRate here",
                problem("policy: {learning_rate: 1e-5}", FineTuneSettings.class));
        assertEquals(
                "learning_rate is not known; what other frameworks call learning_rate is"
                        + " training.optimiser.learningRate here",
                problem("learning_rate: 1e-5", PretrainSettings.class));
        assertEquals(
                "kl_coef is not known; what other frameworks call kl_coef is kl.controller.coefficient here",
                problem("kl_coef: 0.1", FineTuneSettings.class));
        assertEquals(
                "rollout.num_generations is not known; what other frameworks call num_generations is"
                        + " rollout.samplesPerPrompt here",
                problem("rollout: {num_generations: 8}", FineTuneSettings.class));
    }

    @Test
    void aMisspeltKeyIsStillHeldForOne() throws IOException {
        assertEquals(
                "iteration is not known; did you mean iterations?", problem("iteration: 3", FineTuneSettings.class));
        assertEquals("kl_coef is not known", problem("kl_coef: 0.1", PretrainSettings.class));
    }

    /** Every translation leads to a key that there is. */
    @Test
    void translationsAreRight() {
        List<FamiliarNames.Familiar> others = FamiliarNames.ofOtherFrameworks();
        assertTrue(others.stream().mapToInt(each -> each.names().size()).sum() > 40);
        for (FamiliarNames.Familiar each : others) {
            for (String name : each.names()) {
                String hint = FamiliarNames.hint(name, FineTuneSettings.class);
                assertTrue(hint.startsWith("; what other frameworks call " + name + " is "), name);
            }
            for (String key : each.keys()) {
                assertTrue(
                        FamiliarNames.exists(FineTuneSettings.class, key)
                                || FamiliarNames.exists(PretrainSettings.class, key),
                        key);
            }
        }
    }

    @Test
    void whatEncoreItselfCalledThemIsTranslated() throws IOException {
        assertEquals("steps is not known; steps is now called iterations", problem("steps: 3", FineTuneSettings.class));
        assertEquals(
                "credit is not known; credit is now called advantages",
                problem("credit: {scale: whitened}", FineTuneSettings.class));
        assertEquals(
                "rollout.promptsPerStep is not known; promptsPerStep is now called rollout.promptsPerIteration",
                problem("rollout: {promptsPerStep: 8}", FineTuneSettings.class));
        assertEquals(
                "value.warmupSteps is not known; warmupSteps is now called value.warmupIterations",
                problem("value: {warmupSteps: 8}", FineTuneSettings.class));
        assertEquals(
                "compute.recompute is not known; recompute is now called compute.activationCheckpointing",
                problem("compute: {recompute: auto}", PretrainSettings.class));
        assertEquals(
                "reward.learning.hearing is not known; hearing is now called reward.learning.features",
                problem("reward: {kind: text-adherence, learning: {hearing: {}}}", TrainingSpec.class));
    }

    @Test
    void formerValuesAreTranslated() throws IOException {
        assertEquals(
                "rollout.packing is \"half\", but must be one of float32, int16; half is now called int16",
                problem("rollout: {packing: half}", FineTuneSettings.class));
        assertEquals(
                "rollout.packing is \"full\", but must be one of float32, int16; full is now called float32",
                problem("rollout: {packing: full}", FineTuneSettings.class));
        assertEquals(
                "rollout.prompts is \"half\", but must be one of training, tuning",
                problem("rollout: {prompts: half}", FineTuneSettings.class));
    }

    @Test
    void aFormerKeyOrValueIsRefusedInOneLineWithStatusTwo() throws IOException {
        for (String yaml : List.of("credit: {scale: whitened}", "rollout: {packing: half}")) {
            Path file = Files.writeString(directory.resolve("former.yaml"), yaml);
            Invocation refused = Invocation.here("config", "check", file.toString());
            assertEquals(2, refused.status());
            assertEquals(1, refused.err().strip().lines().count(), refused.err());
            assertTrue(refused.err().contains(" is now called "), refused.err());
        }
    }

    private <T extends Record> String problem(String yaml, Class<T> type) throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), yaml);
        String message = assertThrows(ConfigException.class, () -> new ConfigReader().read(file, List.of(), type))
                .getMessage();
        return message.substring((file + ":1: ").length()).replaceAll("; the keys here are .*", "");
    }
}
