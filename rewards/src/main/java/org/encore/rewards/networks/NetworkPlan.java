package org.encore.rewards.networks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network without its weights: what is computed from what.
 *
 * @param nodes each after the nodes it reads
 * @param outputs the nodes whose rows are the result
 */
public record NetworkPlan(List<Node> nodes, List<String> outputs) {
    /** The rows that a node makes of an example, and the numbers in each. */
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
    }

    /** The nodes that are fed from outside, in the order in which {@link Network} expects them. */
    @JsonIgnore
    public List<Node.Input> inputs() {
        return nodes.stream()
                .filter(Node.Input.class::isInstance)
                .map(Node.Input.class::cast)
                .toList();
    }

    /** The size of every node, by its name. */
    @JsonIgnore
    Map<String, Size> sizes() {
        return sizes(nodes);
    }

    private static Map<String, Size> sizes(List<Node> nodes) {
        Map<String, Size> sizes = new LinkedHashMap<>();
        for (Node node : nodes) {
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

    private static Size size(Node node, Map<String, Size> before) {
        if (node instanceof Node.Input input) {
            return new Size(input.width(), input.rows());
        }
        Size first = before.get(node.from().get(0));
        if (node instanceof Node.Dense dense) {
            return new Size(dense.width(), first.rows());
        }
        if (node instanceof Node.Pool) {
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
}
