package org.encore.base.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InvalidFileExceptionTest {
    @Test
    void saysFileAndProblemInOneLine() {
        Path file = Path.of("a.mid");
        InvalidFileException e = new InvalidFileException(file, "has no notes,\r\n  none at all\n");
        assertEquals("a.mid: has no notes, none at all", e.getMessage());
        assertEquals(file, e.file());
        assertEquals("has no notes, none at all", e.problem());
    }
}
