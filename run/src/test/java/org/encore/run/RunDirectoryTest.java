package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** A kill may come while anything is written, the model at the end or one file of a checkpoint. */
    @Test
    void whatAKilledRunLeftHalfWrittenIsRemoved() throws IOException {
        Path run = Files.createDirectories(parent.resolve(".hidden.tmp1"));
        for (String name :
                List.of(".model.tmp12", ".model.old3", "checkpoints/.step-4.tmp5", "checkpoints/step-2", ".mine")) {
            Files.writeString(Files.createDirectories(run.resolve(name)).resolve("weights"), "cut o");
        }
        Files.writeString(run.resolve(".summary.json678.tmp"), "{");
        Files.writeString(run.resolve("notes.tmp"), "of a user");
        new RunDirectory(run).removeLeftovers();
        try (Stream<Path> left = Files.walk(run)) {
            assertEquals(
                    List.of(
                            ".mine",
                            ".mine/weights",
                            "checkpoints",
                            "checkpoints/step-2",
                            "checkpoints/step-2/weights",
                            "notes.tmp"),
                    left.skip(1)
                            .map(path -> run.relativize(path).toString())
                            .sorted()
                            .toList());
        }
    }
}
