package org.encore.benchmarks.engines;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.encore.benchmarks.engines.LibTorchDecoder.LibTorchCache;
import org.encore.benchmarks.engines.LibTorchDecoder.LibTorchWeights;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** The decoder on LibTorch, through DJL; the number of its threads is that of {@code OMP_NUM_THREADS}. */
public final class LibTorchEngine implements Engine {
    private static final String NAME = "PyTorch";
    private static final int PRODUCTS = 8;
    private static final int SEED = 1;

    private final DecoderConfig config;
    private final NDManager arrays;
    private final LibTorchWeights weights;
    private final LibTorchDecoder decoder;

    /** Loads LibTorch and the weights. */
    public LibTorchEngine(DecoderConfig config) {
        this.config = config;
        ai.djl.engine.Engine.getEngine(NAME).setRandomSeed(SEED);
        this.arrays = NDManager.newBaseManager(Device.cpu(), NAME);
        this.weights = LibTorchWeights.load(arrays, config);
        this.decoder = new LibTorchDecoder(config, weights);
    }

    /** Whether LibTorch's binding is on the class path. */
    public static boolean isPresent() {
        return ai.djl.engine.Engine.hasEngine(NAME);
    }

    @Override
    public String description() {
        ai.djl.engine.Engine engine = ai.djl.engine.Engine.getEngine(NAME);
        return "LibTorch " + engine.getVersion() + ", DJL " + ai.djl.engine.Engine.getDjlVersion();
    }

    @Override
    public Decoded decode(int sequences, int steps) {
        return decode(sequences, steps, (logits, codes) -> {});
    }

    /** Hears of every step. Shapes: logits {@code [B, V]}, codes {@code [B]} */
    @FunctionalInterface
    private interface StepObserver {
        void sampled(NDArray logits, NDArray codes);
    }

    @Override
    public Decoded decodeWithLogProbs(int sequences, int steps) {
        double[] sum = new double[1];
        Decoded decoded = decode(sequences, steps, (logits, codes) -> {
            float[] logProbs =
                    logits.logSoftmax(-1).gather(codes.expandDims(1), 1).toFloatArray();
            for (float each : logProbs) {
                sum[0] += each;
            }
        });
        return new Decoded(decoded.codes(), sum[0] / ((double) sequences * steps));
    }

    private Decoded decode(int sequences, int steps, StepObserver observer) {
        requireGradients(false);
        int[][] codes = new int[sequences][steps];
        try (NDManager run = arrays.newSubManager();
                LibTorchCache cache = new LibTorchCache(run, config, sequences, steps)) {
            NDArray inputs = run.full(new Shape(sequences), config.startToken(), DataType.INT64);
            for (int step = 0; step < steps; step++) {
                try (NDManager scope = run.newSubManager()) {
                    inputs.attach(scope);
                    NDArray logits = decoder.nextLogits(scope, inputs, cache);
                    inputs = sampled(logits);
                    observer.sampled(logits, inputs);
                    long[] chosen = inputs.toLongArray();
                    for (int b = 0; b < sequences; b++) {
                        codes[b][step] = (int) chosen[b];
                    }
                    inputs.attach(run);
                }
            }
        }
        return new Decoded(codes, Double.NaN);
    }

    /** The largest logit after Gumbel noise was added: a sample of the softmax. */
    private static NDArray sampled(NDArray logits) {
        NDArray uniform = logits.getManager().randomUniform(1e-7f, 1.0f, logits.getShape());
        return logits.sub(uniform.log().neg().log()).argMax(-1);
    }

    @Override
    public double evaluate(int[][] codes) {
        requireGradients(false);
        try (NDManager scope = arrays.newSubManager()) {
            return loss(scope, codes).getFloat();
        }
    }

    @Override
    public double train(int[][] codes) {
        double loss = accumulate(codes);
        clearGradients();
        return loss;
    }

    @Override
    public LossAndNorm trainWithNorm(int[][] codes) {
        double loss = accumulate(codes);
        double squares = 0;
        for (NDArray each : weights.learned()) {
            try (NDArray gradient = each.getGradient();
                    NDArray square = gradient.square();
                    NDArray sum = square.sum()) {
                squares += sum.getFloat();
            }
        }
        clearGradients();
        return new LossAndNorm(loss, Math.sqrt(squares));
    }

    private double accumulate(int[][] codes) {
        requireGradients(true);
        try (GradientCollector collector = ai.djl.engine.Engine.getEngine(NAME).newGradientCollector();
                NDManager scope = arrays.newSubManager()) {
            NDArray loss = loss(scope, codes);
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private NDArray loss(NDManager scope, int[][] codes) {
        int steps = codes[0].length;
        long[] targets =
                Arrays.stream(codes).flatMapToInt(Arrays::stream).asLongStream().toArray();
        NDArray inputs = scope.create(inputs(codes), new Shape(codes.length, steps));
        NDArray logits = decoder.logits(scope, inputs, LibTorchDecoder.causalMask(scope, steps));
        NDArray chosen = scope.create(targets, new Shape(targets.length, 1));
        return logits.logSoftmax(-1).gather(chosen, 1).mean().neg();
    }

    /** The codes moved on by one, behind the start token. */
    private long[] inputs(int[][] codes) {
        int steps = codes[0].length;
        long[] inputs = new long[codes.length * steps];
        for (int b = 0; b < codes.length; b++) {
            inputs[b * steps] = config.startToken();
            for (int t = 1; t < steps; t++) {
                inputs[b * steps + t] = codes[b][t - 1];
            }
        }
        return inputs;
    }

    private void requireGradients(boolean wanted) {
        weights.learned().forEach(each -> each.setRequiresGradient(wanted));
    }

    private void clearGradients() {
        for (NDArray each : weights.learned()) {
            try (NDArray gradient = each.getGradient()) {
                gradient.muli(0);
            }
        }
    }

    @Override
    public double productRate(int size) {
        requireGradients(false);
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
