package org.encore.rewards.networks;

import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.encore.rewards.networks.NetworkPlan.Layer.Pooling;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pools every {@code rows} successive rows into one; among equal maxima, the first receives the gradient.
 *
 * <p>Plain loops, because ND4J's broadcasts took longer than all matrix products of a network together.
 */
@SuppressWarnings("overrides") // Deeplearning4j itself declares one method with "..." and without
final class PoolVertex extends BaseGraphVertex {
    private final int rows;
    private final Pooling pooling;

    /** Index of the element that is the maximum, for each output. */
    private int[] source;

    PoolVertex(ComputationGraph graph, String name, int index, DataType type, PoolConfig config) {
        super(graph, name, index, null, null, type);
        this.rows = config.rows();
        this.pooling = config.pooling();
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        int width = (int) inputs[0].size(1);
        double[] in = numbers(inputs[0]);
        double[] out = new double[in.length / rows];
        source = new int[pooling == Pooling.MAX ? out.length : 0];
        for (int at = 0; at < in.length; at++) {
            int to = target(at, width);
            boolean isFirst = at / width % rows == 0;
            if (pooling == Pooling.MEAN) {
                out[to] += in[at] / rows;
            } else if (isFirst || in[at] > out[to]) {
                out[to] = in[at];
                source[to] = at;
            }
        }
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, array(out, width));
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        int width = (int) inputs[0].size(1);
        double[] upstream = numbers(epsilon);
        double[] gradient = new double[upstream.length * rows];
        if (pooling == Pooling.MAX) {
            for (int to = 0; to < upstream.length; to++) {
                gradient[source[to]] = upstream[to];
            }
        } else {
            for (int at = 0; at < gradient.length; at++) {
                gradient[at] = upstream[target(at, width)] / rows;
            }
        }
        return new Pair<>(
                null, new INDArray[] {workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, array(gradient, width))});
    }

    /** Index of the output that an input element is pooled into. */
    private int target(int at, int width) {
        return at / (rows * width) * width + at % width;
    }

    private static double[] numbers(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private INDArray array(double[] values, int width) {
        return Nd4j.createFromArray(values).castTo(inputs[0].dataType()).reshape('c', values.length / width, width);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        if (view != null) {
            throw new IllegalArgumentException("pooling has no parameters");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatch) {
        return null;
    }

    @Override
    public String toString() {
        return "pool " + rows + " rows by " + pooling;
    }

    /** Deeplearning4j's configuration of a {@link PoolVertex}. */
    static final class PoolConfig extends GraphVertex {
        private final int rows;
        private final Pooling pooling;

        PoolConfig(int rows, Pooling pooling) {
            this.rows = rows;
            this.pooling = pooling;
        }

        int rows() {
            return rows;
        }

        Pooling pooling() {
            return pooling;
        }

        @Override
        public GraphVertex clone() {
            return new PoolConfig(rows, pooling);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PoolConfig that && that.rows == rows && that.pooling == pooling;
        }

        @Override
        public int hashCode() {
            return Objects.hash(rows, pooling);
        }

        @Override
        public long numParams(boolean backprop) {
            return 0;
        }

        @Override
        public int minVertexInputs() {
            return 1;
        }

        @Override
        public int maxVertexInputs() {
            return 1;
        }

        @Override
        public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
                ComputationGraph graph, String name, int index, INDArray view, boolean initialise, DataType type) {
            return new PoolVertex(graph, name, index, type, this);
        }

        @Override
        public InputType getOutputType(int index, InputType... inputs) {
            return inputs[0];
        }

        @Override
        public MemoryReport getMemoryReport(InputType... inputs) {
            return new LayerMemoryReport.Builder(null, PoolVertex.class, inputs[0], inputs[0]).build();
        }
    }
}
