package org.encore.music.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;

/**
 * The captions of MIDI files: {@code captions.csv} with the columns {@code file} and {@code caption}, or
 * {@code captions.jsonl} with these keys.
 *
 * <p>Files are named by their path below the folder; a file may have several captions; other columns and keys are
 * ignored. CSV is UTF-8 with comma-separated cells and one line per row; cells may be quoted with {@code "}, a quote in them is doubled.
 */
final class CaptionTable {
    static final String CSV = "captions.csv";
    static final String JSONL = "captions.jsonl";

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
        if (Files.exists(csv)) {
            table.readCsv(textLines(csv));
        } else if (Files.exists(jsonl)) {
            table.readJsonl(textLines(jsonl));
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

    private void readCsv(List<String> rows) {
        if (rows.isEmpty()) {
            throw new InvalidFileException(source, "is empty, but must start with a line that names its columns");
        }
        List<String> header = cells(rows.get(0), 1);
        int file = header.indexOf("file");
        int caption = header.indexOf("caption");
        if (file < 0 || caption < 0) {
            throw invalid(1, "has the columns " + header + ", but needs file and caption");
        }
        for (int i = 1; i < rows.size(); i++) {
            if (!rows.get(i).isBlank()) {
                List<String> cells = cells(rows.get(i), i + 1);
                if (cells.size() != header.size()) {
                    throw invalid(i + 1, "has " + cells.size() + " cells, but the first line has " + header.size());
                }
                add(cells.get(file), cells.get(caption), i + 1);
            }
        }
    }

    private void readJsonl(List<String> rows) {
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).isBlank()) {
                continue;
            }
            try {
                JsonNode row = mapper.readTree(rows.get(i));
                if (!row.path("file").isTextual() || !row.path("caption").isTextual()) {
                    throw invalid(i + 1, "must be an object with the texts \"file\" and \"caption\"");
                }
                add(row.get("file").textValue(), row.get("caption").textValue(), i + 1);
            } catch (JsonProcessingException e) {
                throw invalid(i + 1, "is not JSON: " + e.getOriginalMessage());
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

    private List<String> cells(String row, int line) {
        List<String> cells = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder cell = new StringBuilder();
            at = row.startsWith("\"", at) ? quotedCell(row, at + 1, line, cell) : plainCell(row, at, line, cell);
            cells.add(cell.toString());
            if (at == row.length()) {
                return cells;
            }
            at++;
        }
    }

    /** Reads up to the comma or the end; returns its place. */
    private int plainCell(String row, int from, int line, StringBuilder cell) {
        int comma = row.indexOf(',', from);
        int end = comma < 0 ? row.length() : comma;
        String text = row.substring(from, end);
        if (text.indexOf('"') >= 0) {
            throw invalid(line, "has a quote inside a cell that does not start with one; quote the whole cell");
        }
        cell.append(text.strip());
        return end;
    }

    private int quotedCell(String row, int from, int line, StringBuilder cell) {
        int at = from;
        while (at < row.length()) {
            if (row.charAt(at) != '"') {
                cell.append(row.charAt(at));
                at++;
            } else if (row.startsWith("\"\"", at)) {
                cell.append('"');
                at += 2;
            } else if (at + 1 == row.length() || row.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                throw invalid(line, "has text after a closing quote; double quotes that belong to the caption");
            }
        }
        throw invalid(line, "has a quote that is not closed; a caption must stand on one line");
    }

    private InvalidFileException invalid(int line, String problem) {
        return new InvalidFileException(source, "line " + line + ": " + problem);
    }

    private static List<String> textLines(Path file) throws IOException {
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
            if (!lines.isEmpty() && lines.get(0).startsWith("\uFEFF")) {
                lines.set(0, lines.get(0).substring(1));
            }
            return lines;
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is not UTF-8 text", e);
        }
    }
}
