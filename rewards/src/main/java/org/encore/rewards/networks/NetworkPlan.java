package org.encore.rewards.networks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network without its weights: a graph of layers.
 *
 * @param nodes layers in topological order
 * @param outputs names of the output nodes
 */
public record NetworkPlan(List<Layer> nodes, List<String> outputs) {
    /** Bounds against damaged files, whose sizes would not fit the memory; ours are far below. */
    private static final long MOST_WEIGHTS = 1L << 27;

    private static final long MOST_NUMBERS = 1L << 24;

    /** Output size of a node for one example: rows, and numbers per row. */
    record Size(int width, int rows) {}

    public NetworkPlan {
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
        Map<String, Size> sizes = sizes(nodes);
        for (String output : outputs) {
            if (!sizes.containsKey(output)) {
                throw new IllegalArgumentException("output " + output + " is none of the nodes " + sizes.keySet());
            }
        }
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("outputs is empty, but must name at least one node");
        }
        requireBounds(nodes, sizes);
    }

    private static void requireBounds(List<Layer> nodes, Map<String, Size> sizes) {
        long weights = 0;
        for (Layer node : nodes) {
            Size size = sizes.get(node.name());
            long numbers = (long) size.width() * size.rows();
            if (node instanceof Layer.Dense) {
                weights += (sizes.get(node.from().get(0)).width() + 1L) * size.width();
            }
            if (numbers > MOST_NUMBERS || weights > MOST_WEIGHTS) {
                throw new IllegalArgumentException(node.name() + " has " + numbers
                        + " numbers for one example, and there are "
                        + weights + " weights up to it, but a node may have at most " + MOST_NUMBERS + " and a network "
                        + MOST_WEIGHTS);
            }
        }
    }

    /** The input nodes, in the order that {@link Network} expects. */
    @JsonIgnore
    public List<Layer.Input> inputs() {
        return nodes.stream()
                .filter(Layer.Input.class::isInstance)
                .map(Layer.Input.class::cast)
                .toList();
    }

    /** The size of every node, by its name. */
    @JsonIgnore
    Map<String, Size> sizes() {
        return sizes(nodes);
    }

    private static Map<String, Size> sizes(List<Layer> nodes) {
        Map<String, Size> sizes = new LinkedHashMap<>();
        for (Layer node : nodes) {
            for (String from : node.from()) {
                if (!sizes.containsKey(from)) {
                    throw new IllegalArgumentException(
                            node.name() + " reads " + from + ", which is none of the nodes before it");
                }
            }
            if (sizes.put(node.name(), size(node, sizes)) != null) {
                throw new IllegalArgumentException("two nodes have the name " + node.name());
            }
        }
        return sizes;
    }

    private static Size size(Layer node, Map<String, Size> before) {
        if (node instanceof Layer.Input input) {
            return new Size(input.width(), input.rows());
        }
        Size first = before.get(node.from().get(0));
        if (node instanceof Layer.Dense dense) {
            return new Size(dense.width(), first.rows());
        }
        if (node instanceof Layer.Pool) {
            return new Size(first.width(), 1);
        }
        int width = 0;
        for (String from : node.from()) {
            Size size = before.get(from);
            if (size.rows() != first.rows()) {
                throw new IllegalArgumentException(node.name() + " joins nodes of " + first.rows() + " and of "
                        + size.rows() + " rows, but they must have equally many");
            }
            width += size.width();
        }
        return new Size(width, first.rows());
    }

    /**
     * A layer. An example has one or several rows; dense layers apply to each row, pooling reduces the rows of an
     * example to one.
     */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Layer.Input.class, name = "input"),
        @JsonSubTypes.Type(value = Layer.Dense.class, name = "dense"),
        @JsonSubTypes.Type(value = Layer.Pool.class, name = "pool"),
        @JsonSubTypes.Type(value = Layer.Join.class, name = "join")
    })
    public sealed interface Layer {
        /** Name of the node and prefix of its weights: letters and digits. */
        String name();

        /** The nodes it reads. */
        List<String> from();

        /** Activation function of a dense layer. */
        enum Nonlinearity {
            NONE,
            RELU,
            TANH,
            SIGMOID
        }

        /** How the rows of an example are reduced to one. */
        enum Pooling {
            MEAN,
            MAX
        }

        /**
         * An input of the network.
         *
         * @param width numbers per row
         * @param rows rows per example
         */
        record Input(String name, int width, int rows) implements Layer {
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
         * A dense layer: matrix, bias and activation function.
         *
         * @param width numbers per row of the result
         */
        record Dense(String name, List<String> from, int width, Nonlinearity nonlinearity) implements Layer {
            public Dense {
                from = requireOne(name, from);
                Objects.requireNonNull(nonlinearity, "nonlinearity");
                if (width < 1) {
                    throw new IllegalArgumentException(name + " has the width " + width + ", but must have at least 1");
                }
            }

            public Dense(String name, String from, int width, Nonlinearity nonlinearity) {
                this(name, List.of(from), width, nonlinearity);
            }
        }

        /** Pools the rows of an example into one. */
        record Pool(String name, List<String> from, Pooling pooling) implements Layer {
            public Pool {
                from = requireOne(name, from);
                Objects.requireNonNull(pooling, "pooling");
            }

            public Pool(String name, String from, Pooling pooling) {
                this(name, List.of(from), pooling);
            }
        }

        /** Concatenates rows. */
        record Join(String name, List<String> from) implements Layer {
            public Join {
                requireName(name);
                from = List.copyOf(from);
                if (from.size() < 2) {
                    throw new IllegalArgumentException(
                            name + " joins " + from.size() + " nodes, but must join at least 2");
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
}
