package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.OwnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.trainer.finetuning.FineTuning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/library.md is compiled with the tests, and runs. */
final class LibraryChapterTest {
    @TempDir
    private Path directory;

    @Test
    void itsProgramIsTheOneThatIsTested() throws IOException {
        String program = Files.readString(Path.of("src", "test", "java", "com", "example", "OwnRun.java"));
        assertTrue(Files.readString(Path.of("..", "docs", "library.md")).contains("```java\n" + program + "```"));
    }

    @Test
    void itsProgramFineTunes() throws IOException {
        FineTuning.Result result = OwnRun.fineTune(
                Path.of(".."),
                directory.resolve("run"),
                List.of(
                        "iterations=1",
                        "rollout.promptsPerIteration=2",
                        "rollout.samplesPerPrompt=2",
                        "rollout.maxFrames=64",
                        "evaluation.prompts=4",
                        "evaluation.pieces=2",
                        "evaluation.profile.every=0"));
        assertEquals(1, result.iterations());
        assertTrue(result.difference().containsKey("few-notes"), () -> "" + result.difference());
        assertTrue(Files.exists(result.checkpoint().resolve("model.safetensors")));
    }
}
