package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.app.config.Node.Location;
import org.encore.app.config.Records.RefusedException;
import org.encore.app.config.Scalars.Descriptions;

/**
 * Turns nodes into records.
 *
 * <p>A key that is absent takes its value from the fallback: the value that the enclosing record's {@code defaults()}
 * holds there, or the {@code defaults()} of its own type.
 */
final class RecordBinder {
    private final Class<? extends Record> root;

    /** Binds configurations that are read into a record. */
    RecordBinder(Class<? extends Record> root) {
        this.root = root;
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
            return record(plain.asSubclass(Record.class), mapping(type, node, key), key, fallback);
        }
        if (plain.isSealed()) {
            return variant(plain, node, key, fallback);
        }
        throw new IllegalStateException(key + " has the type " + type + ", which cannot be configured");
    }

    private Object scalar(Class<?> type, Node node, String key) {
        Optional<Object> read =
                node instanceof Node.Scalar written ? Scalars.read(type, written.text()) : Optional.empty();
        return read.orElseThrow(() -> mismatch(type, node, key));
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

    private Object variant(Class<?> sealed, Node node, String key, Object fallback) {
        Map<String, Class<? extends Record>> kinds = Names.kinds(sealed);
        Node.Mapping mapping = node instanceof Node.Scalar kind
                ? new Node.Mapping(kind.at(), Map.of(Layers.KIND, kind))
                : mapping(sealed, node, key);
        Node kind = mapping.entries().get(Layers.KIND);
        Class<? extends Record> chosen;
        if (kind != null) {
            String name = kind instanceof Node.Scalar written ? written.text() : "";
            chosen = kinds.get(name);
            if (chosen == null) {
                throw new ConfigException(
                        kind.at(),
                        key + "." + Layers.KIND + " is " + shown(kind) + ", but must be "
                                + Descriptions.oneOf(kinds.keySet()) + Descriptions.hint(name, kinds.keySet()));
            }
        } else if (fallback instanceof Record former) {
            chosen = former.getClass();
        } else {
            throw new ConfigException(
                    mapping.at(),
                    key + "." + Layers.KIND + " is missing; it must be " + Descriptions.oneOf(kinds.keySet()));
        }
        Object kept = chosen.isInstance(fallback) ? fallback : null;
        return record(chosen, mapping.without(Layers.KIND), key, kept);
    }

    private Record record(Class<? extends Record> type, Node.Mapping node, String key, Object fallback) {
        List<String> known = Names.keys(type);
        for (Map.Entry<String, Node> entry : node.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw unknown(entry.getKey(), entry.getValue().at(), key, known);
            }
        }
        Record below = fallback == null ? Records.defaults(type).orElse(null) : (Record) fallback;
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            values.add(component(component, node, inside(key, component.getName()), below));
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
        if (written != null) {
            return value(type, written, key, fallback);
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
        throw new ConfigException(node.at(), key + " is missing; it must be " + Descriptions.of(type));
    }

    private static Node.Mapping mapping(Type type, Node node, String key) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        if (node instanceof Node.Empty && !(type instanceof Class<?> plain && plain.isSealed())) {
            return new Node.Mapping(node.at(), Map.of());
        }
        throw mismatch(type, node, key);
    }

    private static ConfigException mismatch(Type type, Node node, String key) {
        String hint = node instanceof Node.Scalar written ? FamiliarNames.hintAtValue(type, written.text()) : "";
        return new ConfigException(
                node.at(), key + " is " + shown(node) + ", but must be " + Descriptions.of(type) + hint);
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
