package org.encore.rewards.networks;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One step of a network. An example comes as one row or as several; layers treat each row alike, pooling makes one row of
 * those of an example.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Node.Input.class, name = "input"),
    @JsonSubTypes.Type(value = Node.Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Node.Pool.class, name = "pool"),
    @JsonSubTypes.Type(value = Node.Join.class, name = "join")
})
public sealed interface Node {
    /** What other nodes and the weights call it: letters and digits. */
    String name();

    /** The nodes it reads. */
    List<String> from();

    /** What a dense layer does to its sums. */
    enum Nonlinearity {
        NONE,
        RELU,
        TANH,
        SIGMOID
    }

    /** How rows become one. */
    enum Pooling {
        MEAN,
        MAX
    }

    /**
     * What comes from outside.
     *
     * @param width numbers in a row
     * @param rows rows of an example
     */
    record Input(String name, int width, int rows) implements Node {
        public Input {
            requireName(name);
            if (width < 1 || rows < 1) {
                throw new IllegalArgumentException(
                        name + " has " + rows + " rows of " + width + " numbers, but both must be at least 1");
            }
        }

        @Override
        public List<String> from() {
            return List.of();
        }
    }

    /**
     * A matrix, a bias and a nonlinearity.
     *
     * @param width numbers in a row of the result
     */
    record Dense(String name, List<String> from, int width, Nonlinearity nonlinearity) implements Node {
        public Dense {
            from = requireOne(name, from);
            if (width < 1) {
                throw new IllegalArgumentException(name + " has the width " + width + ", but must have at least 1");
            }
        }

        public Dense(String name, String from, int width, Nonlinearity nonlinearity) {
            this(name, List.of(from), width, nonlinearity);
        }
    }

    /** One row of the rows of an example. */
    record Pool(String name, List<String> from, Pooling pooling) implements Node {
        public Pool {
            from = requireOne(name, from);
        }

        public Pool(String name, String from, Pooling pooling) {
            this(name, List.of(from), pooling);
        }
    }

    /** Rows side by side. */
    record Join(String name, List<String> from) implements Node {
        public Join {
            requireName(name);
            from = List.copyOf(from);
            if (from.size() < 2) {
                throw new IllegalArgumentException(name + " joins " + from.size() + " nodes, but must join at least 2");
            }
        }
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9]+")) {
            throw new IllegalArgumentException("the name \"" + name + "\" must consist of letters and digits");
        }
    }

    private static List<String> requireOne(String name, List<String> from) {
        requireName(name);
        if (from.size() != 1) {
            throw new IllegalArgumentException(name + " reads " + from.size() + " nodes, but must read 1");
        }
        return List.copyOf(from);
    }
}
