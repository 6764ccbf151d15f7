package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.commands.ProfileStudyCommand.CheckpointPaths;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointPathsTest {
    @TempDir
    private Path directory;

    private Path model(String name) throws IOException {
        Path model = Files.createDirectories(directory.resolve(name));
        Files.writeString(model.resolve("model.safetensors"), "");
        return model;
    }

    @Test
    void aRunStandsForItsCheckpointsInTheOrderOfTheirSteps() throws IOException {
        Path hundred = model("run/checkpoints/step-100");
        Path twenty = model("run/checkpoints/step-20");
        Files.createDirectories(directory.resolve("run/checkpoints/.step-120.tmp"));
        Path single = model("single");
        List<Path> found = CheckpointPaths.of(List.of(single, directory.resolve("run"), hundred));
        assertEquals(List.of(single, twenty, hundred, hundred), found);
        assertEquals(
                List.of("single", "run/step-20", "run/step-100", "run/step-100"),
                found.stream().map(CheckpointPaths::label).toList());
    }

    @Test
    void whatIsNeitherIsRefused() {
        assertThrows(InvalidFileException.class, () -> CheckpointPaths.of(List.of(directory)));
    }
}
