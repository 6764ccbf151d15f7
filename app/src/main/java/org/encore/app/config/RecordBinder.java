package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.app.config.ConfigReader.Layers;
import org.encore.app.config.Records.Names;
import org.encore.app.config.Records.RefusedException;
import org.encore.app.config.Scalars.Descriptions;
import org.encore.app.config.YamlTree.Node;
import org.encore.app.config.YamlTree.Node.Location;
import org.encore.base.settings.Inlined;

/**
 * Turns nodes into records.
 *
 * <p>A key that is absent takes its value from the fallback: the value that the enclosing record's {@code defaults()}
 * holds there, or the {@code defaults()} of its own type.
 */
final class RecordBinder {
    private final Class<? extends Record> root;
    private final boolean findsBesideFile;

    /**
     * Binds configurations that are read into a record.
     *
     * @param findsBesideFile whether a path in a file means what lies there from that file, if something does
     */
    RecordBinder(Class<? extends Record> root, boolean findsBesideFile) {
        this.root = root;
        this.findsBesideFile = findsBesideFile;
    }

    /**
     * Binds the root of a configuration.
     *
     * @throws ConfigException if the tree does not describe a record of the type
     */
    Record bind(Node.Mapping tree) {
        return record(root, tree, "", null);
    }

    /** Binds a value; {@code key} is its full key, {@code fallback} what absent parts of it are taken from, or null. */
    private Object value(Type type, Node node, String key, Object fallback) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, node, key);
        }
        Class<?> plain = (Class<?>) type;
        if (Scalars.covers(plain)) {
            return scalar(plain, node, key);
        }
        if (plain.isRecord()) {
            Node.Mapping mapping =
                    Records.kinds(plain).isEmpty() ? mapping(type, node, key) : choice(Records.kinds(plain), node, key);
            return record(plain.asSubclass(Record.class), mapping, key, fallback);
        }
        if (plain.isSealed()) {
            return variant(Names.kinds(plain), node, key, fallback);
        }
        throw new IllegalStateException(key + " has the type " + type + ", which cannot be configured");
    }

    private Object scalar(Class<?> type, Node node, String key) {
        Optional<Object> read =
                node instanceof Node.Scalar written ? Scalars.read(type, written.text()) : Optional.empty();
        Object value = read.orElseThrow(() -> mismatch(type, node, key));
        return value instanceof Path path && findsBesideFile ? besideFile(path, node.at()) : value;
    }

    /** A path of a file is looked for from that file first, then as it is. */
    private static Path besideFile(Path path, Location at) {
        if (!at.isInFile()) {
            return path;
        }
        Path beside = Path.of(at.source()).resolveSibling(path).normalize();
        return Files.exists(beside) ? beside : path;
    }

    private Object container(ParameterizedType type, Node node, String key) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (raw == Optional.class) {
            return node instanceof Node.Empty ? Optional.empty() : Optional.of(value(last, node, key, null));
        }
        if (raw == List.class) {
            if (!(node instanceof Node.Sequence sequence)) {
                throw mismatch(type, node, key);
            }
            List<Object> items = new ArrayList<>();
            for (Node item : sequence.items()) {
                items.add(value(last, item, key + "." + items.size(), null));
            }
            return List.copyOf(items);
        }
        if (raw == Map.class && type.getActualTypeArguments()[0] == String.class) {
            Map<String, Object> entries = new LinkedHashMap<>();
            mapping(type, node, key)
                    .entries()
                    .forEach((name, each) -> entries.put(name, value(last, each, key + "." + name, null)));
            return entries;
        }
        throw new IllegalStateException(key + " has the type " + type + ", which cannot be configured");
    }

    private Record variant(Map<String, Class<? extends Record>> kinds, Node node, String key, Object fallback) {
        Node.Mapping mapping = choice(kinds, node, key);
        Class<? extends Record> chosen = chosen(kinds, mapping, key, fallback);
        Object kept = chosen.isInstance(fallback) ? fallback : null;
        return record(chosen, mapping.without(Layers.KIND), key, kept);
    }

    /** A mapping that may name a kind; the name of a kind alone stands for the mapping that says nothing else. */
    private static Node.Mapping choice(Map<String, Class<? extends Record>> kinds, Node node, String key) {
        if (node instanceof Node.Scalar kind) {
            return new Node.Mapping(kind.at(), Map.of(Layers.KIND, kind));
        }
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        throw mismatch(Descriptions.of(kinds), node, key);
    }

    private static Class<? extends Record> chosen(
            Map<String, Class<? extends Record>> kinds, Node.Mapping mapping, String key, Object fallback) {
        String place = inside(key, Layers.KIND);
        Node kind = mapping.entries().get(Layers.KIND);
        if (kind == null && fallback instanceof Record former) {
            return former.getClass();
        }
        if (kind == null) {
            throw new ConfigException(
                    mapping.at(), place + " is missing; it must be " + Descriptions.oneOf(kinds.keySet()));
        }
        String name = kind instanceof Node.Scalar written ? written.text() : "";
        if (!kinds.containsKey(name)) {
            throw new ConfigException(
                    kind.at(),
                    place + " is " + shown(kind) + ", but must be " + Descriptions.oneOf(kinds.keySet())
                            + Descriptions.hint(name, kinds.keySet()));
        }
        return kinds.get(name);
    }

    private Record record(Class<? extends Record> type, Node.Mapping node, String key, Object fallback) {
        Record below = fallback == null ? Records.defaults(type).orElse(null) : (Record) fallback;
        Optional<RecordComponent> inlined = Records.inlined(type);
        if (inlined.isPresent()) {
            return withInlined(type, inlined.get(), node, key, below);
        }
        List<String> known = Names.keys(type);
        requireKnown(node, known, key);
        return created(type, node, key, below, null, known);
    }

    /** Binds what is inlined first, because defaults may depend on it. */
    private Record withInlined(
            Class<? extends Record> type, RecordComponent inlined, Node.Mapping node, String key, Record below) {
        Object former = below == null ? null : Records.value(below, inlined);
        Map<String, Class<? extends Record>> kinds = Records.kinds(inlined);
        Class<? extends Record> chosen =
                kinds.isEmpty() ? inlined.getType().asSubclass(Record.class) : chosen(kinds, node, key, former);
        Node.Mapping rest = kinds.isEmpty() ? node : node.without(Layers.KIND);
        List<String> known = Names.keys(type, chosen);
        requireKnown(rest, known, key);
        boolean kept = chosen.isInstance(former);
        Node.Mapping own = rest;
        for (String name : rest.entries().keySet()) {
            own = Names.keys(chosen).contains(name) ? own : own.without(name);
        }
        Record inner = record(chosen, own, key, kept ? former : null);
        Record defaults = kept ? below : Records.defaults(type, inlined, inner).orElse(null);
        return created(type, rest, key, defaults, inner, known);
    }

    private void requireKnown(Node.Mapping node, List<String> known, String key) {
        for (Map.Entry<String, Node> entry : node.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw unknown(entry.getKey(), entry.getValue().at(), key, known);
            }
        }
    }

    private Record created(
            Class<? extends Record> type,
            Node.Mapping node,
            String key,
            Record below,
            Record inlined,
            List<String> known) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            values.add(
                    component.isAnnotationPresent(Inlined.class)
                            ? inlined
                            : component(component, node, inside(key, component.getName()), below));
        }
        try {
            return Records.create(type, values);
        } catch (RefusedException refused) {
            throw refused(refused, known, node, key);
        }
    }

    private Object component(RecordComponent component, Node.Mapping node, String key, Record below) {
        Type type = component.getGenericType();
        Node written = node.entries().get(component.getName());
        Object fallback = below == null ? null : Records.value(below, component);
        Map<String, Class<? extends Record>> kinds = Records.kinds(component);
        if (written != null) {
            return kinds.isEmpty() ? value(type, written, key, fallback) : variant(kinds, written, key, fallback);
        }
        if (fallback != null) {
            return fallback;
        }
        if (component.getType() == Optional.class) {
            return Optional.empty();
        }
        if (component.getType().isRecord()) {
            Optional<Record> own = Records.defaults(component.getType().asSubclass(Record.class));
            if (own.isPresent()) {
                return own.get();
            }
        }
        throw new ConfigException(
                node.at(),
                key + " is missing; it must be " + (kinds.isEmpty() ? Descriptions.of(type) : Descriptions.of(kinds)));
    }

    private static Node.Mapping mapping(Type type, Node node, String key) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        if (node instanceof Node.Empty) {
            return new Node.Mapping(node.at(), Map.of());
        }
        throw mismatch(type, node, key);
    }

    private static ConfigException mismatch(Type type, Node node, String key) {
        String hint = node instanceof Node.Scalar written ? FamiliarNames.hintAtValue(type, written.text()) : "";
        return mismatch(Descriptions.of(type) + hint, node, key);
    }

    private static ConfigException mismatch(String allowed, Node node, String key) {
        return new ConfigException(node.at(), key + " is " + shown(node) + ", but must be " + allowed);
    }

    private ConfigException unknown(String name, Location at, String key, List<String> known) {
        String allowed = known.isEmpty() ? "there are no keys here" : "the keys here are " + String.join(", ", known);
        return new ConfigException(at, inside(key, name) + " is not known" + hint(name, known) + "; " + allowed);
    }

    private String hint(String name, List<String> known) {
        String familiar = FamiliarNames.hint(name, root);
        return familiar.isEmpty() ? Descriptions.hint(name, known) : familiar;
    }

    /** Puts the place of the component that the record's message begins with, or else the record's, in front of it. */
    private static ConfigException refused(
            RefusedException refused, List<String> known, Node.Mapping node, String key) {
        String message = refused.getMessage();
        for (String name : known) {
            if (message.matches("(?s)" + name + "\\b.*")) {
                Node written = node.entries().get(name);
                Location at = written == null ? node.at() : written.at();
                return new ConfigException(at, inside(key, message), refused.getCause());
            }
        }
        return new ConfigException(node.at(), key.isEmpty() ? message : key + ": " + message, refused.getCause());
    }

    private static String inside(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }

    private static String shown(Node node) {
        if (node instanceof Node.Scalar written) {
            return "\"" + written.text() + "\"";
        }
        if (node instanceof Node.Empty) {
            return "empty";
        }
        return node instanceof Node.Sequence ? "a list" : "a mapping";
    }
}
