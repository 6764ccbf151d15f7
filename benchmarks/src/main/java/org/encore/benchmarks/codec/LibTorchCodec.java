package org.encore.benchmarks.codec;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Embedding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;

/**
 * The codec in LibTorch's own operations ({@code conv1d}, {@code lstm}), through DJL; the number of
 * its threads is that of {@code OMP_NUM_THREADS}. A clip is one pass, as in the reference implementation.
 */
final class LibTorchCodec implements CodecSide {
    private static final String NAME = "PyTorch";
    private static final int PRODUCTS = 8;

    private final EncodecConfig config;
    private final NDManager arrays;
    private final Map<String, NDArray> weights = new HashMap<>();

    LibTorchCodec(ReferenceCodec reference) {
        config = reference.config();
        arrays = NDManager.newBaseManager(Device.cpu(), NAME);
        for (String name : reference.names()) {
            long[] shape =
                    reference.shape(name).stream().mapToLong(each -> each).toArray();
            weights.put(name, arrays.create(reference.floats(name), new Shape(shape)));
        }
        for (LayerSpec layer : LayerSpec.decoder(config)) {
            if (layer instanceof TransposedConv c) {
                addStrided(reference, c);
            }
        }
    }

    @Override
    public String description() {
        return "LibTorch " + Engine.getEngine(NAME).getVersion() + ", DJL " + Engine.getDjlVersion();
    }

    @Override
    public float[] decode(int[][] codes) {
        try (NDManager scope = arrays.newSubManager()) {
            NDArray latent = null;
            for (int k = 0; k < codes.length; k++) {
                NDArray rows = row(scope.create(codes[k]), k);
                latent = latent == null ? rows : latent.addi(rows);
            }
            NDArray x = latent.transpose().expandDims(0);
            return run(scope, x, LayerSpec.decoder(config)).toFloatArray();
        }
    }

    private NDArray row(NDArray ids, int codebook) {
        NDArray table = weights.get(EncodecParameters.codebook(codebook));
        return Embedding.embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
    }

    @Override
    public int[][] encode(float[] sound) {
        try (NDManager scope = arrays.newSubManager()) {
            NDArray x = scope.create(sound, new Shape(1, 1, sound.length));
            NDArray left = run(scope, x, LayerSpec.encoder(config)).squeeze(0).transpose();
            int[][] codes = new int[config.codebooks()][];
            for (int k = 0; k < codes.length; k++) {
                NDArray table = weights.get(EncodecParameters.codebook(k));
                NDArray norms = table.square().sum(new int[] {1}).mul(0.5f);
                NDArray best = left.matMul(table.transpose()).sub(norms).argMax(1);
                codes[k] = best.toType(DataType.INT32, false).toIntArray();
                left = left.sub(row(best, k));
            }
            return codes;
        }
    }

    /** Each layer has a scope of its own, so that what it does not return is freed at once. */
    private NDArray run(NDManager scope, NDArray input, List<LayerSpec> layers) {
        NDArray x = input;
        for (LayerSpec layer : layers) {
            try (NDManager inner = scope.newSubManager()) {
                x.attach(inner);
                x = apply(x, layer);
                x.attach(scope);
            }
        }
        return x;
    }

    private NDArray apply(NDArray x, LayerSpec layer) {
        if (layer instanceof Conv c) {
            return conv(x, c);
        }
        if (layer instanceof TransposedConv c) {
            return transposed(x, c);
        }
        if (layer instanceof Residual r) {
            NDArray y = conv(Activation.elu(x, 1f), r.first());
            return conv(Activation.elu(y, 1f), r.second()).addi(x);
        }
        return layer instanceof Recurrent r ? lstm(x, r) : Activation.elu(x, 1f);
    }

    /**
     * DJL does not offer LibTorch's transposed convolution. With a kernel of twice the stride it is a convolution of two taps
     * that gives one stride of outputs at once, of as many operations.
     */
    private NDArray transposed(NDArray x, TransposedConv c) {
        NDArray strides = Conv1d.conv1d(
                        x, weight(c.name() + ".weight"), weight(c.name() + ".bias"), new Shape(1), new Shape(1))
                .singletonOrThrow();
        long windows = strides.getShape().get(2);
        NDArray full = strides.reshape(c.out(), c.stride(), windows)
                .transpose(0, 2, 1)
                .reshape(1, c.out(), windows * c.stride());
        int total = c.kernel() - c.stride();
        long end = full.getShape().get(2) - total / 2;
        return full.get(new NDIndex().addAllDim(2).addSliceDim(total - total / 2, end));
    }

    /** Weights of {@link #transposed}: {@code [stride · out, in, 2]}, the tap of the step before first. */
    private void addStrided(ReferenceCodec reference, TransposedConv c) {
        float[] w = reference.floats(c.name() + ".weight");
        float[] bias = reference.floats(c.name() + ".bias");
        int stride = c.stride();
        float[] strided = new float[w.length];
        float[] biases = new float[c.out() * stride];
        for (int o = 0; o < c.out(); o++) {
            for (int j = 0; j < stride; j++) {
                biases[o * stride + j] = bias[o];
                for (int i = 0; i < c.in(); i++) {
                    int from = (i * c.out() + o) * c.kernel();
                    int to = ((o * stride + j) * c.in() + i) * 2;
                    strided[to] = w[from + stride + j];
                    strided[to + 1] = w[from + j];
                }
            }
        }
        weights.put(c.name() + ".weight", arrays.create(strided, new Shape(biases.length, c.in(), 2)));
        weights.put(c.name() + ".bias", arrays.create(biases));
    }

    private NDArray weight(String name) {
        return weights.get(name);
    }

    private NDArray conv(NDArray x, Conv c) {
        long length = x.getShape().get(2);
        int total = (c.kernel() - 1) * c.dilation() + 1 - c.stride();
        long extra = (length + c.stride() - 1) / c.stride() * c.stride() - length;
        NDArray padded = reflected(x, total - total / 2, (int) (total / 2 + extra));
        return Conv1d.conv1d(
                        padded,
                        weight(c.name() + ".weight"),
                        weight(c.name() + ".bias"),
                        new Shape(c.stride()),
                        new Shape(0),
                        new Shape(c.dilation()))
                .singletonOrThrow();
    }

    /** DJL pads with constants only: the mirrored ends are joined on. */
    private static NDArray reflected(NDArray x, int left, int right) {
        if (left == 0 && right == 0) {
            return x;
        }
        long length = x.getShape().get(2);
        NDList parts = new NDList();
        if (left > 0) {
            parts.add(x.get(new NDIndex().addAllDim(2).addSliceDim(1, left + 1)).flip(2));
        }
        parts.add(x);
        if (right > 0) {
            parts.add(x.get(new NDIndex().addAllDim(2).addSliceDim(length - 1 - right, length - 1))
                    .flip(2));
        }
        return NDArrays.concat(parts, 2);
    }

    private NDArray lstm(NDArray x, Recurrent r) {
        NDArray steps = x.transpose(2, 0, 1);
        NDList parameters = new NDList();
        for (int i = 0; i < r.layers(); i++) {
            for (String kind : List.of(".weight_ih_l", ".weight_hh_l", ".bias_ih_l", ".bias_hh_l")) {
                parameters.add(weight(r.name() + kind + i));
            }
        }
        Shape state = new Shape(r.layers(), 1, r.out());
        NDList states = new NDList(x.getManager().zeros(state), x.getManager().zeros(state));
        NDArray y = steps.getNDArrayInternal()
                .lstm(steps, states, parameters, true, r.layers(), 0.0, false, false, false)
                .get(0);
        return y.add(steps).transpose(1, 2, 0);
    }

    @Override
    public double productRate(int size) {
        try (NDManager scope = arrays.newSubManager()) {
            NDArray a = scope.full(new Shape(size, size), 0.5f, DataType.FLOAT32);
            NDArray b = scope.full(new Shape(size, size), 0.5f, DataType.FLOAT32);
            long start = System.nanoTime();
            for (int i = 0; i < PRODUCTS; i++) {
                a.matMul(b).close();
            }
            return 2.0 * size * size * size * PRODUCTS / ((System.nanoTime() - start) / 1e9);
        }
    }

    @Override
    public void close() {
        arrays.close();
    }
}
