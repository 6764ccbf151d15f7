package org.encore.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.encore.app.config.Node.Location;

/** Lays configurations over one another: a file over the one it extends, {@code --set} values over files. */
final class Layers {
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
            merged = merged.with(entry.getKey(), former == null ? entry.getValue() : over(former, entry.getValue()));
        }
        return merged;
    }

    /**
     * Applies one {@code key.path=value} argument.
     *
     * @param root what the files say
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
        Node former = below instanceof Node.Mapping mapping ? mapping.entries().get(head) : null;
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
