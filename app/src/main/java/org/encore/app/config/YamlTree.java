package org.encore.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.encore.app.config.YamlTree.Node.Location;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Parses one YAML document into nodes.
 *
 * <p>Rejects: a key given twice, anchors and aliases, several documents, more than a million characters, more than 50
 * levels.
 */
final class YamlTree {
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_DEPTH = 50;
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .loaderOptions(limits())
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .build();

    private final YAMLParser parser;
    private final IntFunction<Location> locations;

    private YamlTree(YAMLParser parser, IntFunction<Location> locations) {
        this.parser = parser;
        this.locations = locations;
    }

    /**
     * Parses a text.
     *
     * @param text the document; an empty one is {@link Node.Empty}
     * @param locations gives the location of a line, counted from 1
     * @throws ConfigException if the text is not one acceptable document
     */
    static Node parse(String text, IntFunction<Location> locations) {
        if (text.length() > MAX_CHARACTERS) {
            throw new ConfigException(
                    locations.apply(1),
                    "has " + text.length() + " characters, but at most " + MAX_CHARACTERS + " may be");
        }
        try (YAMLParser parser = YAML.createParser(text)) {
            YamlTree tree = new YamlTree(parser, locations);
            if (parser.nextToken() == null) {
                return new Node.Empty(locations.apply(1));
            }
            Node root = tree.value(tree.here());
            if (parser.nextToken() != null) {
                throw new ConfigException(tree.here(), "a second document begins here, but a file holds one");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw syntaxError(e, locations);
        } catch (MarkedYAMLException e) {
            throw syntaxError(e, e, locations);
        } catch (IOException e) {
            throw new IllegalStateException("reading from a string failed", e);
        }
    }

    private Node value(Location at) throws IOException {
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw new ConfigException(here(), "anchors (&) and aliases (*) are not supported: write the value out");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(at);
            case START_ARRAY -> sequence(at);
            case VALUE_NULL -> new Node.Empty(at);
            default -> new Node.Scalar(at, parser.getText());
        };
    }

    private Node mapping(Location at) throws IOException {
        Map<String, Node> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            Location keyAt = here();
            parser.nextToken();
            Node earlier = entries.get(key);
            if (earlier != null) {
                throw new ConfigException(
                        keyAt,
                        key + " is given twice; the first time in line "
                                + earlier.at().line());
            }
            entries.put(key, value(keyAt));
        }
        return new Node.Mapping(at, entries);
    }

    private Node sequence(Location at) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(here()));
        }
        return new Node.Sequence(at, items);
    }

    private Location here() {
        return locations.apply(parser.currentTokenLocation().getLineNr());
    }

    private static ConfigException syntaxError(JsonProcessingException e, IntFunction<Location> locations) {
        if (e.getCause() instanceof MarkedYAMLException marked) {
            return syntaxError(marked, e, locations);
        }
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        String said = e.getOriginalMessage().lines().findFirst().orElse("");
        String first = said.startsWith("Expected a field name") ? "a key must be a plain text" : said;
        return new ConfigException(locations.apply(line), "not valid YAML: " + first, e);
    }

    private static ConfigException syntaxError(
            MarkedYAMLException marked, Exception cause, IntFunction<Location> locations) {
        Mark mark = marked.getProblemMark();
        String context = marked.getContext() == null ? "" : marked.getContext() + ": ";
        return new ConfigException(
                locations.apply(mark == null ? 1 : mark.getLine() + 1),
                "not valid YAML: " + context + marked.getProblem(),
                cause);
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        // Found here, with both lines.
        options.setAllowDuplicateKeys(true);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_CHARACTERS);
        return options;
    }

    /** A value in a YAML document together with the place where it was written. */
    sealed interface Node {
        /** Where the value was written; inside a mapping, the line of its key. */
        Location at();

        /** Keys and values, in the order in which they were written. */
        record Mapping(Location at, Map<String, Node> entries) implements Node {
            public Mapping {
                entries = new LinkedHashMap<>(entries);
            }

            /** A copy without the key. */
            Mapping without(String key) {
                Map<String, Node> rest = new LinkedHashMap<>(entries);
                rest.remove(key);
                return new Mapping(at, rest);
            }

            /** A copy in which the key has the value; a new key comes last. */
            Mapping with(String key, Node value) {
                Map<String, Node> changed = new LinkedHashMap<>(entries);
                changed.put(key, value);
                return new Mapping(at, changed);
            }
        }

        /** Values in order. */
        record Sequence(Location at, List<Node> items) implements Node {
            public Sequence {
                items = List.copyOf(items);
            }

            /** A copy in which the item at an index is another one. */
            Sequence with(int index, Node item) {
                List<Node> changed = new ArrayList<>(items);
                changed.set(index, item);
                return new Sequence(at, changed);
            }
        }

        /** A single value as it was written, without quotes. */
        record Scalar(Location at, String text) implements Node {}

        /** No value: {@code null}, {@code ~} or nothing behind the colon. */
        record Empty(Location at) implements Node {}

        /**
         * Where a value was written.
         *
         * @param source a file, or the {@code --set} argument
         * @param line counted from 1; 0 where the source has no lines
         */
        record Location(String source, int line) {
            /** Whether the source is a file. */
            boolean isInFile() {
                return line > 0;
            }

            @Override
            public String toString() {
                return line == 0 ? source : source + ":" + line;
            }
        }
    }
}
