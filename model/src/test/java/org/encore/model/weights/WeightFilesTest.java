package org.encore.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights in shards. */
class WeightFilesTest {
    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        SafetensorsWriter first = new SafetensorsWriter(Format.F32);
        first.add("a", List.of(2), () -> new float[] {1, 2});
        first.add("b", Format.BF16, List.of(1, 2), () -> new float[] {3, 4});
        first.write(directory.resolve("model-00001-of-00002.safetensors"));
        SafetensorsWriter second = new SafetensorsWriter(Format.F16);
        second.add("c", List.of(1), () -> new float[] {5});
        second.write(directory.resolve("model-00002-of-00002.safetensors"));
        index(
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\": \"model-00001-of-00002.safetensors\","
                        + " \"c\": \"model-00002-of-00002.safetensors\"}}");
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve(WeightFiles.INDEX), json);
    }

    @Test
    void shardsAreOneModel() throws IOException {
        try (WeightFiles files = WeightFiles.open(directory)) {
            assertEquals(Set.of("a", "b", "c"), files.names());
            assertArrayEquals(new float[] {3, 4}, files.floats("b"));
            assertEquals("BF16", files.entry("b").type());
            assertEquals("F16", files.entry("c").type());
            String problem = assertThrows(InvalidFileException.class, () -> files.entry("d"))
                    .getMessage();
            assertTrue(
                    problem.contains("model.safetensors.index.json") && problem.contains("tensor d is missing"),
                    problem);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ | is not valid JSON",
                "[] | weight_map must be an object",
                "{\"weight_map\": {}} | weight_map must be an object",
                "{\"weight_map\": {\"a\": \"../x.safetensors\"}} | must be in a .safetensors file of the same directory",
                "{\"weight_map\": {\"a\": 3}} | must be in a .safetensors file of the same directory",
                "{\"weight_map\": {\"a\": \"gone.safetensors\"}} | there is no such file",
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}} | tensor b of model-00001-of-00002.safetensors is not in the index",
                "{\"weight_map\": {\"c\": \"model-00001-of-00002.safetensors\"}} | tensor c is missing",
                "{\"weight_map\": {\"a\": \"model-00002-of-00002.safetensors\", \"b\": \"model-00001-of-00002.safetensors\"}} | tensor a is missing"
            })
    void indexesThatLie(String json, String part) throws IOException {
        index(json);
        String problem = assertThrows(InvalidFileException.class, () -> WeightFiles.open(directory))
                .getMessage();
        assertTrue(problem.contains(part), problem);
    }
}
