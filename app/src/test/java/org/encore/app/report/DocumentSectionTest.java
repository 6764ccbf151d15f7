package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.app.report.StudyTables.DocumentSection;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSectionTest {
    @TempDir
    private Path directory;

    @Test
    void replacesWhatStandsBetweenTheCommentsAndNothingElse() throws IOException {
        Path file = Files.writeString(
                directory.resolve("a.md"), "before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n");
        new DocumentSection("measured").replace(file, "| new |\n");
        String once = "before\n<!-- measured: begin -->\n\n| new |\n\n<!-- measured: end -->\nafter\n";
        assertEquals(once, Files.readString(file));
        new DocumentSection("measured").replace(file, "| new |\n");
        assertEquals(once, Files.readString(file));
    }

    @Test
    void aFileWithoutThemIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("b.md"), "<!-- measured: end --> <!-- measured: begin -->");
        assertThrows(InvalidFileException.class, () -> new DocumentSection("measured").replace(file, "new"));
        assertEquals("<!-- measured: end --> <!-- measured: begin -->", Files.readString(file));
    }
}
