package org.encore.app.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.app.config.Node.Location;
import org.encore.base.files.InvalidFileException;

/**
 * Reads a YAML file into a record.
 *
 * <p>The file may begin with {@code extends: other.yaml} (a path relative to the file itself): then it holds differences
 * only. One level deep: the other file extends nothing.
 */
public final class ConfigReader {
    private static final String EXTENDS = "extends";
    private static final long MAX_BYTES = 4_000_000;

    /**
     * Reads a configuration.
     *
     * @param yaml the file
     * @param overrides {@code key=value} arguments that replace what the files say, e.g. {@code objective.clipRange=0.1};
     *     the last one wins
     * @param type the record; absent keys take the values of its {@code defaults()}, if it has them
     * @throws ConfigException if a key or a value is not as it must be; the message names file, line and key
     * @throws InvalidFileException if a file cannot be read
     */
    public <T extends Record> T read(Path yaml, List<String> overrides, Class<T> type) {
        Node.Mapping root = withParent(yaml, document(yaml));
        for (String override : overrides) {
            root = Layers.withArgument(root, override);
        }
        return type.cast(new RecordBinder(type).bind(root));
    }

    private static Node.Mapping withParent(Path yaml, Node.Mapping root) {
        Node name = root.entries().get(EXTENDS);
        if (name == null) {
            return root;
        }
        if (!(name instanceof Node.Scalar written)) {
            throw new ConfigException(name.at(), EXTENDS + " must be the path of another YAML file");
        }
        Path parent = yaml.resolveSibling(written.text()).normalize();
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
                throw new InvalidFileException(yaml, "is larger than " + MAX_BYTES + " bytes: hardly a configuration");
            }
            return Files.readString(yaml);
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(yaml, "is not text in UTF-8", e);
        } catch (IOException e) {
            throw new InvalidFileException(yaml, "cannot be read: " + e.getMessage(), e);
        }
    }
}
