package org.encore.music.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.encore.music.corpus.TextRows.Row;

/**
 * The captions of the files of a folder: {@code captions.csv} with the columns {@code file} and {@code caption}, or
 * {@code captions.jsonl} with these keys.
 *
 * <p>Files are named by their path below the folder; a file may have several captions; other columns and keys are
 * ignored.
 */
final class CaptionTable {
    static final String CSV = "captions.csv";
    static final String JSONL = "captions.jsonl";

    private static final String FILE = "file";
    private static final String CAPTION = "caption";

    private final Path source;
    private final Map<String, List<String>> captions = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private CaptionTable(Path source) {
        this.source = source;
    }

    /**
     * Reads the captions of a folder; none if neither file exists.
     *
     * @throws InvalidFileException if both files exist or a line is invalid
     */
    static CaptionTable of(Path folder) throws IOException {
        Path csv = folder.resolve(CSV);
        Path jsonl = folder.resolve(JSONL);
        if (Files.exists(csv) && Files.exists(jsonl)) {
            throw new InvalidFileException(jsonl, "stands beside " + CSV + ", but one table is allowed; remove one");
        }
        CaptionTable table = new CaptionTable(Files.exists(jsonl) ? jsonl : csv);
        if (Files.exists(table.source)) {
            for (Row row : TextRows.read(table.source, List.of(FILE, CAPTION))) {
                table.add(row.cells().get(FILE), row.cells().get(CAPTION), row.line());
            }
        }
        return table;
    }

    /** The captions of a file, in the order of the table; none if the table does not name it. */
    List<String> of(String name) {
        return captions.getOrDefault(name, List.of());
    }

    /** Fails if the table names a file that does not exist. */
    void requireOnly(List<String> names) {
        for (Map.Entry<String, Integer> entry : lines.entrySet()) {
            if (!names.contains(entry.getKey())) {
                throw invalid(entry.getValue(), "file \"" + entry.getKey() + "\" is not below the folder");
            }
        }
    }

    private void add(String file, String caption, int line) {
        if (caption.isBlank()) {
            throw invalid(line, "caption is blank, but must hold words; leave the line out to have one derived");
        }
        String name = file.strip().replace('\\', '/');
        lines.putIfAbsent(name, line);
        captions.computeIfAbsent(name, key -> new ArrayList<>())
                .add(caption.strip().replaceAll("\\s+", " "));
    }

    private InvalidFileException invalid(int line, String problem) {
        return new InvalidFileException(source, "line " + line + ": " + problem);
    }
}
