package org.encore.base.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFilesTest {
    private static final String FULL = "No space left on device";

    @TempDir
    private Path directory;

    private static IOException full() {
        return new IOException(FULL);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** The system says of a full disk only that it is full. */
    @Test
    void aFailureNamesTheFileAndLeavesTheOldOne() throws IOException {
        Path file = directory.resolve("a.json");
        AtomicFiles.write(file, new byte[] {1});
        IOException failure = assertThrows(
                IOException.class,
                () -> AtomicFiles.write(file, out -> {
                    out.write(new byte[10]);
                    throw full();
                }));
        assertEquals(file + ": " + FULL, failure.getMessage());
        assertEquals(List.of(file), left());
        assertEquals(1, Files.size(file));
    }

    @Test
    void aDirectoryIsNamedByItsOwnNameNotByTheTemporaryOne() throws IOException {
        Path target = directory.resolve("step-1");
        IOException failure = assertThrows(
                IOException.class,
                () -> AtomicFiles.writeDirectory(
                        target,
                        inside -> AtomicFiles.write(inside.resolve("b"), out -> {
                            throw full();
                        })));
        assertEquals(target.resolve("b") + ": " + FULL, failure.getMessage());
        assertFalse(Files.exists(target));
        assertEquals(List.of(), left());
    }

    @Test
    void aLockIsForOne() throws IOException {
        Path file = directory.resolve(".lock");
        try (FileLock lock = FileLock.take(file, directory, "wait")) {
            assertEquals(
                    directory + ": is in use by this process: wait",
                    assertThrows(InvalidFileException.class, () -> FileLock.take(file, directory, "wait"))
                            .getMessage());
        }
        FileLock.take(file, directory, "wait").close();
    }
}
