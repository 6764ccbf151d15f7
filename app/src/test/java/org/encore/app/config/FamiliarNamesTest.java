package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** Every translation leads to a key that there is, and stands in the table for people. */
    @Test
    void translationsAreRightAndDocumented() throws IOException {
        String chapter = Files.readString(Path.of("..", "docs", "configuration.md"));
        String table = chapter.substring(chapter.indexOf("## Names elsewhere"));
        assertTrue(FamiliarNames.known().size() > 40);
        for (String name : FamiliarNames.known()) {
            String hint = FamiliarNames.hint(name, FineTuneSettings.class);
            assertTrue(hint.startsWith("; what other frameworks call " + name + " is "), name);
            assertTrue(table.contains("`" + name + "`"), name);
        }
    }

    private <T extends Record> String problem(String yaml, Class<T> type) throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), yaml);
        String message = assertThrows(ConfigException.class, () -> new ConfigReader().read(file, List.of(), type))
                .getMessage();
        return message.substring((file + ":1: ").length()).replaceAll("; the keys here are .*", "");
    }
}
