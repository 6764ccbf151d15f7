package org.encore.model.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two real SentencePiece models against the ids of SentencePiece itself. */
class SentencePieceTest {
    @TempDir
    private Path directory;

    private static Path golden(String name) {
        return Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "tokenizer", name);
    }

    private TextTokenizer tokenizer(String name, int maxTokens) throws IOException {
        Files.copy(golden(name), directory.resolve(TextTokenizer.PIECES));
        return TextTokenizer.load(directory, maxTokens);
    }

    /** The ids have no end token; the first model has none, either, the second appends its own, as T5's does. */
    @ParameterizedTest
    @CsvSource({"spiece.model, -1, 5000", "test_sentencepiece.model, 2, 500"})
    @EnabledIfEnvironmentVariable(named = "ENCORE_SHARED", matches = ".+")
    void everyCaptionAndEdgeStringHasItsIds(String name, int end, int fewest) throws IOException {
        int texts = 0;
        ObjectMapper json = new ObjectMapper();
        try (TextTokenizer tokenizer = tokenizer(name, 10_000);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(golden(name + ".golden.jsonl.gz"))),
                        StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode expected = json.readTree(line);
                int[] ids = new int[expected.path("ids").size() + (end < 0 ? 0 : 1)];
                Arrays.setAll(ids, i -> expected.path("ids").path(i).asInt(end));
                String text = expected.path("text").textValue();
                assertArrayEquals(ids, tokenizer.encode(text), text);
                texts++;
            }
        }
        assertTrue(texts > fewest, texts + " texts");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENCORE_SHARED", matches = ".+")
    void longTextsKeepTheirEndAndUnknownWordsAreFound() throws IOException {
        try (TextTokenizer tokenizer = tokenizer("test_sentencepiece.model", 5)) {
            int[] ids = tokenizer.encode("a ballad song that contains sustained strings");
            assertEquals(5, ids.length);
            assertEquals(2, ids[4]);
            assertEquals(1, tokenizer.cutPrompts());
            assertArrayEquals(new int[] {2}, tokenizer.encode(""));
            assertEquals(1, tokenizer.cutPrompts());
            assertEquals(List.of("日本語", "🎵"), tokenizer.unknownWords(" some 日本語 and 🎵"));
            assertEquals(8, tokenizer.batch(List.of("a", "a song")).tokens());
            Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
            Path copy = Files.createDirectory(directory.resolve("copy"));
            tokenizer.copyTo(copy);
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve(TextTokenizer.PIECES)),
                    Files.readAllBytes(copy.resolve(TextTokenizer.PIECES)));
            assertTrue(Files.exists(copy.resolve("tokenizer_config.json")));
            assertFalse(Files.exists(copy.resolve(TextTokenizer.FILE)));
        }
    }

    @Test
    void anotherFileIsRefusedInOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve(TextTokenizer.PIECES), "no model");
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> TextTokenizer.load(directory, 64));
        assertTrue(e.getMessage().startsWith(file + ": the tokenizer cannot be read"), e.getMessage());
        Files.delete(file);
        InvalidFileException none = assertThrows(InvalidFileException.class, () -> TextTokenizer.load(directory, 64));
        assertTrue(none.getMessage().endsWith("tokenizer.json or spiece.model"), none.getMessage());
    }
}
