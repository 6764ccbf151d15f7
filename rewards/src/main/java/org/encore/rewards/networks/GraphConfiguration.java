package org.encore.rewards.networks;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.encore.rewards.networks.NetworkPlan.Size;
import org.encore.rewards.networks.Node.Nonlinearity;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** Says a plan in Deeplearning4j's words. */
final class GraphConfiguration {
    /** Ends the names of matrices. */
    static final String MATRIX = ".weight";

    private static final String BIAS = ".bias";

    private GraphConfiguration() {}

    static ComputationGraphConfiguration of(NetworkPlan plan, DataType type) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new Adam())
                .miniBatch(false)
                .graphBuilder()
                .allowDisconnected(true)
                .validateOutputLayerConfig(false);
        Map<String, Size> sizes = plan.sizes();
        for (Node node : plan.nodes()) {
            add(node, sizes, builder);
        }
        return builder.setOutputs(plan.outputs().toArray(String[]::new)).build();
    }

    private static void add(Node node, Map<String, Size> sizes, GraphBuilder builder) {
        String[] from = node.from().toArray(String[]::new);
        if (node instanceof Node.Input) {
            builder.addInputs(node.name());
        } else if (node instanceof Node.Dense dense) {
            DenseLayer layer = new DenseLayer.Builder()
                    .nIn(sizes.get(from[0]).width())
                    .nOut(dense.width())
                    .activation(activation(dense.nonlinearity()))
                    .build();
            builder.addLayer(node.name(), layer, from);
        } else if (node instanceof Node.Pool pool) {
            builder.addVertex(node.name(), new PoolConfig(sizes.get(from[0]).rows(), pool.pooling()), from);
        } else {
            builder.addVertex(node.name(), new MergeVertex(), from);
        }
    }

    private static Activation activation(Nonlinearity nonlinearity) {
        return switch (nonlinearity) {
            case NONE -> Activation.IDENTITY;
            case RELU -> Activation.RELU;
            case TANH -> Activation.TANH;
            case SIGMOID -> Activation.SIGMOID;
        };
    }

    /** How many weights a plan has. */
    static long parameters(NetworkPlan plan) {
        Map<String, Size> sizes = plan.sizes();
        long count = 0;
        for (Node node : plan.nodes()) {
            if (node instanceof Node.Dense dense) {
                count += (sizes.get(dense.from().get(0)).width() + 1L) * dense.width();
            }
        }
        return count;
    }

    /** Deeplearning4j's {@code layer_W} and {@code layer_b} as {@code layer.weight} and {@code layer.bias}. */
    static String exported(String name) {
        int end = name.lastIndexOf('_');
        return name.substring(0, end) + (name.endsWith("_W") ? MATRIX : BIAS);
    }
}
