package org.encore.music.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;

/**
 * Rows of texts: a CSV file whose first line names its columns, a JSONL file of objects, or a text file with a row a
 * line, each UTF-8 and gzipped or not. Cells of CSV may be quoted and then have line breaks in them.
 */
public final class TextRows {
    /** The key of the text of a row of a text file. */
    static final String TEXT = "text";

    /** The longest file that is read, in bytes, once it is unpacked. */
    private static final int MOST_BYTES = 256 << 20;

    private static final int GZIP_MAGIC = 0x1F8B;

    private final Path file;
    private final List<String> required;

    private TextRows(Path file, List<String> required) {
        this.file = file;
        this.required = required;
    }

    /**
     * One row.
     *
     * @param line where it begins, from 1
     * @param cells texts by the names of their columns; other values are left out
     */
    public record Row(int line, Map<String, String> cells) {}

    /**
     * Reads a file; its name says of which kind it is.
     *
     * @param required columns that every row must have
     * @throws InvalidFileException if there is no such file, it is of another kind, or a row is invalid
     */
    public static List<Row> read(Path file, List<String> required) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(
                    file, "there is no such file, but it must be a text file (.txt, .csv or .jsonl, or one with .gz)");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        TextRows rows = new TextRows(file, required);
        String text = rows.text();
        if (name.endsWith(".csv")) {
            return rows.csv(text);
        }
        if (name.endsWith(".jsonl")) {
            return rows.jsonl(text);
        }
        if (name.endsWith(".txt")) {
            return rows.plain(text);
        }
        throw new InvalidFileException(file, "must end in .txt, .csv or .jsonl, or one of them and .gz");
    }

    private List<Row> plain(String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                rows.add(new Row(number, Map.of(TEXT, line)));
            }
        }
        return rows;
    }

    private List<Row> jsonl(String text) {
        ObjectMapper mapper = new ObjectMapper();
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode object = mapper.readTree(line);
                Map<String, String> cells = new LinkedHashMap<>();
                object.properties().forEach(each -> {
                    if (each.getValue().isTextual()) {
                        cells.put(each.getKey(), each.getValue().textValue());
                    }
                });
                if (object.isTextual()) {
                    cells.put(TEXT, object.textValue());
                }
                if (!cells.keySet().containsAll(required)) {
                    throw invalid(number, "must be an object with the texts " + String.join(" and ", required));
                }
                rows.add(new Row(number, cells));
            } catch (JsonProcessingException e) {
                throw invalid(number, "is not JSON: " + JsonProblems.of(e));
            }
        }
        return rows;
    }

    private List<Row> csv(String text) throws IOException {
        List<Row> rows = new ArrayList<>();
        int line = 1;
        int next = 1;
        try (MappingIterator<String[]> cells = CsvMapper.builder()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .build()
                .readerFor(String[].class)
                .readValues(text)) {
            String[] header = null;
            while (cells.hasNextValue()) {
                line = next;
                String[] row = cells.nextValue();
                next = line + 1 + breaks(row);
                Arrays.setAll(row, i -> row[i].strip());
                if (row.length == 0 || (row.length == 1 && row[0].isEmpty())) {
                    continue;
                }
                if (header == null) {
                    header = row;
                    if (!List.of(header).containsAll(required)) {
                        throw invalid(
                                line,
                                "has the columns " + List.of(header) + ", but needs " + String.join(" and ", required));
                    }
                    continue;
                }
                if (row.length != header.length) {
                    throw invalid(
                            line, "has " + row.length + " cells, but the first line has " + header.length + " columns");
                }
                Map<String, String> named = new LinkedHashMap<>();
                for (int i = 0; i < row.length; i++) {
                    named.put(header[i], row[i]);
                }
                rows.add(new Row(line, named));
            }
            if (header == null) {
                throw new InvalidFileException(file, "is empty, but must start with a line that names its columns");
            }
        } catch (JsonProcessingException e) {
            throw invalid(line, "is not CSV: " + JsonProblems.of(e));
        }
        return rows;
    }

    /** Line breaks inside of cells. */
    private static int breaks(String[] row) {
        return Arrays.stream(row)
                .mapToInt(cell -> (int) cell.chars().filter(c -> c == '\n').count())
                .sum();
    }

    private InvalidFileException invalid(int line, String problem) {
        return new InvalidFileException(file, "line " + line + ": " + problem);
    }

    private String text() throws IOException {
        try (InputStream in = open()) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new InvalidFileException(file, "is longer than " + MOST_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is not UTF-8 text", e);
        } catch (ZipException | EOFException e) {
            throw new InvalidFileException(file, "is damaged or cut off: " + e.getMessage(), e);
        }
    }

    private InputStream open() throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        int magic = (in.read() << 8) | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }
}
