package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void freshRunsAreNumbered() throws IOException {
        Path runs = parent.resolve("runs");
        assertEquals(runs.resolve("quick start-001".replace(' ', '-')), numbered(runs, "quick start"));
        assertEquals(runs.resolve("quick-start-002"), numbered(runs, "quick/start"));
        Files.delete(runs.resolve("quick-start-001"));
        assertEquals(runs.resolve("quick-start-001"), numbered(runs, "quick-start"));
    }

    @Test
    void aFreshRunWritesOverNothing() throws IOException {
        Path empty = Files.createDirectory(parent.resolve("empty"));
        assertEquals(empty, RunDirectory.create(empty).path());
        Files.writeString(empty.resolve("notes"), "mine");
        String message = assertThrows(IllegalArgumentException.class, () -> RunDirectory.create(empty))
                .getMessage();
        assertTrue(message.startsWith(empty + " exists already"), message);
        assertTrue(message.endsWith("--resume " + empty), message);
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThrows(IllegalArgumentException.class, () -> RunDirectory.create(file));
    }

    @Test
    void onlyTheDirectoryOfARunCanGoOn() throws IOException {
        assertThrows(InvalidFileException.class, () -> RunDirectory.open(parent.resolve("absent")));
        assertEquals(
                parent + ": holds no config.yaml, so it is not the directory of a run",
                assertThrows(InvalidFileException.class, () -> RunDirectory.open(parent))
                        .getMessage());
        Files.writeString(parent.resolve("config.yaml"), "");
        assertEquals(parent, RunDirectory.open(parent).path());
    }

    @Test
    void theLastCheckpointIsTheOneOfTheHighestStep() throws IOException {
        RunDirectory run = new RunDirectory(parent);
        assertEquals(Optional.empty(), run.lastCheckpoint());
        Files.createDirectories(run.checkpoint(9));
        Files.createDirectories(run.checkpoint(10));
        Files.createDirectories(parent.resolve("checkpoints/.step-11.tmp123"));
        Files.writeString(parent.resolve("checkpoints/step-12"), "a file");
        assertEquals(Optional.of(parent.resolve("checkpoints/step-10")), run.lastCheckpoint());
    }

    private static Path numbered(Path runs, String name) throws IOException {
        return RunDirectory.createNumbered(runs, name).path();
    }
}
