package org.encore.base.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InvalidFileExceptionTest {
    /** What parsers say of themselves tells a user nothing. */
    @Test
    void notesOfTheParserAreLeftOut() {
        assertEquals(
                "a: Unexpected end-of-input: expected close marker for Array",
                new InvalidFileException(
                                Path.of("a"),
                                "Unexpected end-of-input: expected close marker for Array (start marker at [Source:"
                                        + " REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1,"
                                        + " column: 4])")
                        .getMessage());
        assertEquals(
                "a: depth (1001) exceeds (1000)",
                new InvalidFileException(
                                Path.of("a"),
                                "depth (1001) exceeds (1000, from `StreamReadConstraints.getMaxNestingDepth()`)")
                        .getMessage());
    }

    @Test
    void saysFileAndProblemInOneLine() {
        Path file = Path.of("a.mid");
        InvalidFileException e = new InvalidFileException(file, "has no notes,\r\n  none at all\n");
        assertEquals("a.mid: has no notes, none at all", e.getMessage());
        assertEquals(file, e.file());
        assertEquals("has no notes, none at all", e.problem());
    }
}
