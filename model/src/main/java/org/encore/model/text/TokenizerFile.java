package org.encore.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;

/**
 * Reads a {@code tokenizer.json} for the native library, which ends the whole process on some errors: those are found
 * here.
 */
final class TokenizerFile {
    /** The library reads 128 levels. */
    private static final int MOST_LEVELS = 100;

    private TokenizerFile() {}

    /**
     * The content for the library: each key once, and without the decoder, which turns ids into text and is never asked.
     *
     * @throws InvalidFileException if it is not a JSON object, is nested too deep, holds numbers that 64 bits cannot, or
     *     has a template that adds a special token without a description
     */
    static byte[] read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try {
            if (!(json.readTree(file.toFile()) instanceof ObjectNode root)) {
                throw new InvalidFileException(file, "the tokenizer cannot be read: it is not a JSON object");
            }
            root.remove("decoder");
            requireReadable(file, root, 1);
            requireSoundTemplates(file, root.path("post_processor"));
            return json.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(
                    file, "the tokenizer cannot be read: it is not valid JSON: " + JsonProblems.of(e), e);
        }
    }

    /**
     * The words of a vocabulary of whole words, in the order of their ids, without special tokens; empty for vocabularies of
     * pieces of words, which spell any text.
     */
    static List<String> words(Path file) throws IOException {
        JsonNode root = new ObjectMapper().readTree(read(file));
        JsonNode model = root.path("model");
        if (!model.path("type").asText().equals("WordLevel")) {
            return List.of();
        }
        Set<String> special = new HashSet<>();
        root.path("added_tokens")
                .forEach(token -> special.add(token.path("content").asText()));
        return model.path("vocab").properties().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().asInt()))
                .map(Map.Entry::getKey)
                .filter(word -> !special.contains(word))
                .toList();
    }

    private static void requireReadable(Path file, JsonNode node, int level) {
        if (level > MOST_LEVELS) {
            throw new InvalidFileException(file, "has more than " + MOST_LEVELS + " levels");
        }
        if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            throw new InvalidFileException(
                    file, "holds the number " + node.doubleValue() + ", but numbers must fit in 64 bits");
        }
        node.forEach(inner -> requireReadable(file, inner, level + 1));
    }

    private static void requireSoundTemplates(Path file, JsonNode processor) {
        for (JsonNode inner : processor.path("processors")) {
            requireSoundTemplates(file, inner);
        }
        for (String template : List.of("single", "pair")) {
            for (JsonNode piece : processor.path(template)) {
                JsonNode id = piece.path("SpecialToken").path("id");
                if (id.isTextual() && !processor.path("special_tokens").has(id.textValue())) {
                    throw new InvalidFileException(
                            file,
                            "post_processor." + template + " adds the token " + id
                                    + ", but special_tokens does not describe it");
                }
            }
        }
    }
}
