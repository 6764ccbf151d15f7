package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsLogTest {
    @TempDir
    private Path directory;

    @Test
    void everyStepIsALineInTheOrderOfItsMetrics() throws IOException {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("objective/kl", 0.5);
        metrics.put("episode", 64);
        metrics.put("a", Double.NaN);
        try (MetricsLog log = MetricsLog.create(file())) {
            log.write(1, metrics);
            // Not closed yet: a line is there as soon as it is written.
            assertEquals("{\"step\":1,\"objective/kl\":0.5,\"episode\":64,\"a\":\"NaN\"}\n", Files.readString(file()));
            log.write(2, Map.of());
        }
        assertEquals(2, Files.readAllLines(file()).size());
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Files.write(file(), new byte[] {'{', (byte) 0xFF, '}', '\n'});
        String problem = file() + ": is damaged: it is not UTF-8 text";
        assertEquals(
                problem,
                assertThrows(InvalidFileException.class, () -> MetricsLog.resume(file(), 3))
                        .getMessage());
        assertEquals(
                problem,
                assertThrows(InvalidFileException.class, () -> MetricsLog.values(file(), "x", 3))
                        .getMessage());
    }

    @Test
    void aFreshRunDoesNotWriteOverALog() throws IOException {
        Files.writeString(file(), "{}");
        assertThrows(FileAlreadyExistsException.class, () -> MetricsLog.create(file()));
    }

    @Test
    void aResumedRunLeavesTheLogOfAnUninterruptedOne() throws IOException {
        Path straight = directory.resolve("straight.jsonl");
        try (MetricsLog log = MetricsLog.create(straight)) {
            for (int step = 1; step <= 5; step++) {
                log.write(step, Map.of("x", step * 0.1));
            }
        }
        // Interrupted while it wrote step 5, with the last checkpoint at step 3.
        String whole = Files.readString(straight);
        Files.writeString(file(), whole.substring(0, whole.length() - 9));
        try (MetricsLog log = MetricsLog.resume(file(), 3)) {
            assertEquals(3, Files.readAllLines(file()).size());
            log.write(4, Map.of("x", 4 * 0.1));
            log.write(5, Map.of("x", 5 * 0.1));
        }
        assertEquals(whole, Files.readString(file()));
    }

    @Test
    void aCutLineIsDroppedEvenBehindTheCheckpoint() throws IOException {
        Files.writeString(file(), "{\"step\":1}\n{\"step\":2}\n{\"st");
        MetricsLog.resume(file(), 9).close();
        assertEquals("{\"step\":1}\n{\"step\":2}\n", Files.readString(file()));
    }

    @Test
    void resumingWithoutALogBeginsOne() throws IOException {
        try (MetricsLog log = MetricsLog.resume(file(), 3)) {
            log.write(4, Map.of());
        }
        assertEquals("{\"step\":4}\n", Files.readString(file()));
    }

    private Path file() {
        return directory.resolve("metrics.jsonl");
    }

    @Test
    void readsTheValuesOfAMetricUpToAStep() throws IOException {
        Path file = directory.resolve("values.jsonl");
        try (MetricsLog log = MetricsLog.create(file)) {
            log.write(1, Map.of("score", 0.1 + 0.2));
            log.write(2, Map.of("other", 1.0));
            log.write(3, Map.of("score", 2.0));
            log.write(4, Map.of("score", 3.0));
        }
        assertEquals(List.of(0.1 + 0.2, 2.0), MetricsLog.values(file, "score", 3));
    }
}
