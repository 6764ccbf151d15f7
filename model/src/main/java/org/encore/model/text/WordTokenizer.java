package org.encore.model.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.encore.base.files.AtomicFiles;

/**
 * Writes the {@code tokenizer.json} of a model trained from scratch: one id a word, lower case, T5's special tokens.
 *
 * <p>A model of a few million parameters cannot learn rare sub-words; whole words and an unknown token work better.
 */
public final class WordTokenizer {
    /** Words and punctuation, as the {@code Whitespace} pre-tokenizer cuts them: letters of all alphabets. */
    private static final Pattern PIECE = Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final List<String> SPECIAL = List.of("<pad>", "</s>", "<unk>");

    private WordTokenizer() {}

    /**
     * The most frequent words.
     *
     * @param captions training captions
     * @param limit the most ids, special tokens included
     * @return words in the order of their ids; ties are broken alphabetically
     */
    public static List<String> vocabulary(List<String> captions, int limit) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String caption : captions) {
            Matcher matcher = PIECE.matcher(caption.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                counts.merge(matcher.group(), 1, Integer::sum);
            }
        }
        List<String> words = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .limit(Math.max(limit - SPECIAL.size(), 0))
                .toList();
        return Stream.concat(SPECIAL.stream(), words.stream()).toList();
    }

    /** Writes {@code tokenizer.json} into a directory. */
    public static void write(List<String> vocabulary, Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        for (int id = 0; id < SPECIAL.size(); id++) {
            ObjectNode token = root.withArray("added_tokens").addObject();
            token.put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false);
            token.put("rstrip", false).put("normalized", false).put("special", true);
        }
        root.putObject("normalizer").put("type", "Lowercase");
        root.putObject("pre_tokenizer").put("type", "Whitespace");
        root.set("post_processor", endToken(mapper));
        root.putNull("decoder");
        ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", "<unk>");
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.get(id), id);
        }
        AtomicFiles.write(
                directory.resolve(TextTokenizer.FILE),
                mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    /** The post-processor that appends {@code </s>}. */
    private static ObjectNode endToken(ObjectMapper mapper) {
        ObjectNode processor = mapper.createObjectNode().put("type", "TemplateProcessing");
        for (String template : List.of("single", "pair")) {
            ArrayNode sequence = processor.putArray(template);
            sequence.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            sequence.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
            if (template.equals("pair")) {
                sequence.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
                sequence.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
            }
        }
        ObjectNode end = processor.putObject("special_tokens").putObject("</s>").put("id", "</s>");
        end.putArray("ids").add(1);
        end.putArray("tokens").add("</s>");
        return processor;
    }
}
