package org.encore.rewards.networks;

import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.encore.rewards.networks.Node.Pooling;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What Deeplearning4j has to know of a {@link PoolVertex} before it makes one. */
final class PoolConfig extends GraphVertex {
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
