package org.encore.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        @Override
        public String toString() {
            return line == 0 ? source : source + ":" + line;
        }
    }
}
