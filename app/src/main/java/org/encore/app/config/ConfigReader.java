package org.encore.app.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.app.config.YamlTree.Node;
import org.encore.app.config.YamlTree.Node.Location;
import org.encore.base.files.InvalidFileException;

/**
 * Reads a YAML file into a record.
 *
 * <p>The file may begin with {@code extends: other.yaml} (a path relative to the file itself): then it holds differences
 * only. One level deep: the other file extends nothing. Other paths in a file mean what lies there from that file; if nothing
 * does, they are taken as they are.
 */
public final class ConfigReader {
    private static final String EXTENDS = "extends";
    private static final long MAX_BYTES = 4_000_000;

    /**
     * Reads a configuration.
     *
     * @param yaml the file
     * @param overrides {@code key=value} arguments that override the files, e.g. {@code objective.clipRange=0.1};
     *     the last one wins
     * @param type the record; absent keys take the values of its {@code defaults()}, if it has them
     * @throws ConfigException if a key or a value is not as it must be; the message names file, line and key
     * @throws InvalidFileException if a file cannot be read
     */
    public <T extends Record> T read(Path yaml, List<String> overrides, Class<T> type) {
        return type.cast(new RecordBinder(type, true).bind(layered(yaml, overrides)));
    }

    /**
     * Reads the configuration that a run has written: its paths are as they were found when the run began, and mean nothing
     * from the directory of the run.
     */
    public <T extends Record> T readResolved(Path yaml, List<String> overrides, Class<T> type) {
        return type.cast(new RecordBinder(type, false).bind(layered(yaml, overrides)));
    }

    /** The keys at the root of a file and of the one that it extends. */
    public Set<String> rootKeys(Path yaml) {
        return Collections.unmodifiableSet(
                withParent(yaml, document(yaml)).entries().keySet());
    }

    private static Node.Mapping layered(Path yaml, List<String> overrides) {
        Node.Mapping root = withParent(yaml, document(yaml));
        for (String override : overrides) {
            root = Layers.withArgument(root, override);
        }
        return root;
    }

    private static Node.Mapping withParent(Path yaml, Node.Mapping root) {
        Node name = root.entries().get(EXTENDS);
        if (name == null) {
            return root;
        }
        if (!(name instanceof Node.Scalar written)) {
            throw new ConfigException(name.at(), EXTENDS + " must be the path of another YAML file");
        }
        Path parent = sibling(yaml, written);
        if (!Files.isRegularFile(parent)) {
            throw new ConfigException(
                    name.at(),
                    EXTENDS + ": " + parent + " does not exist; the path is relative to " + yaml.getFileName());
        }
        Node.Mapping below = document(parent);
        Node grandparent = below.entries().get(EXTENDS);
        if (grandparent != null) {
            throw new ConfigException(
                    grandparent.at(), "a file that another one extends (" + yaml + ") cannot itself extend a third");
        }
        return (Node.Mapping) Layers.over(below, root.without(EXTENDS));
    }

    private static Path sibling(Path yaml, Node.Scalar written) {
        try {
            return yaml.resolveSibling(written.text()).normalize();
        } catch (InvalidPathException e) {
            throw new ConfigException(written.at(), EXTENDS + " must be a path, but " + e.getReason(), e);
        }
    }

    private static Node.Mapping document(Path yaml) {
        Node root = YamlTree.parse(text(yaml), line -> new Location(yaml.toString(), line));
        if (root instanceof Node.Empty) {
            return new Node.Mapping(root.at(), Map.of());
        }
        if (root instanceof Node.Mapping mapping) {
            return mapping;
        }
        throw new ConfigException(root.at(), "a configuration is a mapping of keys to values");
    }

    private static String text(Path yaml) {
        if (!Files.isRegularFile(yaml)) {
            throw new InvalidFileException(
                    yaml, Files.exists(yaml) ? "is not a file, but a YAML file is needed" : "does not exist");
        }
        try {
            if (Files.size(yaml) > MAX_BYTES) {
                throw new InvalidFileException(
                        yaml, "is larger than " + MAX_BYTES + " bytes, too large for a configuration");
            }
            return Files.readString(yaml);
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(yaml, "is not text in UTF-8", e);
        } catch (IOException e) {
            throw new InvalidFileException(yaml, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Merges configurations: a file over the one it extends, {@code --set} values over files. */
    static final class Layers {
        /** The key that chooses a variant of a sealed interface. */
        static final String KIND = "kind";

        private Layers() {}

        /**
         * Merges two values: mappings key by key, anything else by replacement. A mapping that names another {@code kind}
         * than the one below replaces it as a whole, because its keys belong to another record.
         */
        static Node over(Node below, Node above) {
            if (below instanceof Node.Scalar kind && above instanceof Node.Mapping upper) {
                return upper.entries().containsKey(KIND) ? upper : upper.with(KIND, kind);
            }
            if (below instanceof Node.Mapping lower && above instanceof Node.Scalar kind) {
                return sameText(lower.entries().get(KIND), kind) ? lower : kind;
            }
            if (!(below instanceof Node.Mapping lower && above instanceof Node.Mapping upper)
                    || changesKind(lower, upper)) {
                return above;
            }
            Node.Mapping merged = new Node.Mapping(upper.at(), lower.entries());
            for (Map.Entry<String, Node> entry : upper.entries().entrySet()) {
                Node former = lower.entries().get(entry.getKey());
                merged =
                        merged.with(entry.getKey(), former == null ? entry.getValue() : over(former, entry.getValue()));
            }
            return merged;
        }

        /**
         * Applies one {@code key.path=value} argument.
         *
         * @param root the merged files
         * @param argument the key, an equals sign, and a value in YAML; items of a list are keys 0, 1, …
         */
        static Node.Mapping withArgument(Node.Mapping root, String argument) {
            Location at = new Location("--set " + argument, 0);
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(at, "must have the form key=value, e.g. --set seed=7");
            }
            List<String> path = path(argument.substring(0, equals).strip(), at);
            Node value = YamlTree.parse(argument.substring(equals + 1), line -> at);
            return (Node.Mapping) placed(root, path, value, "");
        }

        private static Node placed(Node below, List<String> path, Node value, String key) {
            if (path.isEmpty()) {
                return below == null ? value : over(below, value);
            }
            String head = path.get(0);
            List<String> rest = path.subList(1, path.size());
            String inner = key.isEmpty() ? head : key + "." + head;
            if (below instanceof Node.Sequence list) {
                int index = indexIn(list, head, value.at(), key);
                return list.with(index, placed(list.items().get(index), rest, value, inner));
            }
            Node former =
                    below instanceof Node.Mapping mapping ? mapping.entries().get(head) : null;
            Node changed = placed(former, rest, value, inner);
            Node above = new Node.Mapping(value.at(), Map.of(head, changed));
            return below == null ? above : over(below, above);
        }

        private static int indexIn(Node.Sequence list, String text, Location at, String key) {
            int size = list.items().size();
            if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) >= size) {
                String allowed = size == 0 ? "it is empty: set it as a whole" : "its items are 0 to " + (size - 1);
                throw new ConfigException(at, key + " is a list and has no item " + text + "; " + allowed);
            }
            return Integer.parseInt(text);
        }

        private static boolean changesKind(Node.Mapping lower, Node.Mapping upper) {
            Node former = lower.entries().get(KIND);
            Node kind = upper.entries().get(KIND);
            return former != null && kind != null && !sameText(former, kind);
        }

        private static boolean sameText(Node first, Node second) {
            return first instanceof Node.Scalar a
                    && second instanceof Node.Scalar b
                    && a.text().equals(b.text());
        }

        private static List<String> path(String keys, Location at) {
            List<String> path = new ArrayList<>();
            int start = 0;
            while (start <= keys.length()) {
                int dot = keys.indexOf('.', start);
                int end = dot < 0 ? keys.length() : dot;
                if (end == start) {
                    throw new ConfigException(at, "has an empty part in its key");
                }
                path.add(keys.substring(start, end));
                start = end + 1;
            }
            return path;
        }
    }
}
