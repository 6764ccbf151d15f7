package org.encore.app.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLogTest {
    private static final Logger LOGGER = LogManager.getLogger(RunLogTest.class);

    @TempDir
    private Path directory;

    @Test
    void holdsWhatIsLoggedWhileItIsOpenTracesIncluded() throws IOException {
        LOGGER.info("before");
        try (RunLog log = RunLog.open(directory)) {
            LOGGER.info("first part");
            LOGGER.info("stopped", new IllegalStateException("why"));
        }
        LOGGER.info("between");
        try (RunLog log = RunLog.open(directory)) {
            LOGGER.info("second part");
        }
        List<String> lines = Files.readAllLines(directory.resolve(RunLog.NAME));
        assertTrue(lines.get(0).endsWith("INFO [main] " + RunLogTest.class.getName() + ": first part"), lines.get(0));
        assertEquals("java.lang.IllegalStateException: why", lines.get(2));
        assertTrue(lines.get(3).startsWith("\tat " + RunLogTest.class.getName()), lines.get(3));
        assertTrue(lines.get(lines.size() - 1).endsWith(": second part"));
        assertEquals(
                0,
                lines.stream()
                        .filter(line -> line.matches(".*: (before|between)"))
                        .count(),
                "logged while it was closed");
    }
}
