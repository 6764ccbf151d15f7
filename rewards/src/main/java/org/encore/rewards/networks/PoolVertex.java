package org.encore.rewards.networks;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.encore.rewards.networks.Node.Pooling;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes one row of every {@code rows} successive ones; where several are the maximum, they share its gradient. */
@SuppressWarnings("overrides") // Deeplearning4j itself declares one method with "..." and without
final class PoolVertex extends BaseGraphVertex {
    private final int rows;
    private final Pooling pooling;

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
        INDArray blocks = blocks();
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, pooling == Pooling.MEAN ? blocks.mean(1) : blocks.max(1));
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        INDArray blocks = blocks();
        long width = blocks.size(2);
        INDArray upstream = epsilon.reshape('c', blocks.size(0), 1, width);
        INDArray share;
        if (pooling == Pooling.MEAN) {
            share = blocks.like().addi(1.0 / rows);
        } else {
            INDArray most = blocks.max(1).reshape('c', blocks.size(0), 1, width).broadcast(blocks.shape());
            share = blocks.eq(most).castTo(blocks.dataType());
            share.divi(share.sum(1).reshape('c', blocks.size(0), 1, width).broadcast(blocks.shape()));
        }
        INDArray gradient = share.muli(upstream.broadcast(blocks.shape())).reshape('c', inputs[0].size(0), width);
        return new Pair<>(null, new INDArray[] {workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, gradient)});
    }

    private INDArray blocks() {
        INDArray all = inputs[0];
        return all.reshape('c', all.size(0) / rows, rows, all.size(1));
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
}
