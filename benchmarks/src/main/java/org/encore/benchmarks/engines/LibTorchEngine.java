package org.encore.benchmarks.engines;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.encore.benchmarks.engines.LibTorchDecoder.LibTorchCache;
import org.encore.benchmarks.engines.LibTorchDecoder.LibTorchWeights;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** The decoder on LibTorch, through DJL; the number of its threads is that of {@code OMP_NUM_THREADS}. */
public final class LibTorchEngine implements Engine {
    private static final String NAME = "PyTorch";
    private static final int PRODUCTS = 8;
    private static final int SEED = 1;

    private final ReferenceModel model;
    private final DecoderConfig config;
    private final NDManager arrays;
    private final LibTorchWeights weights;
    private final LibTorchDecoder decoder;
    /** States of the text, {@code [1, S, D]}; null without. */
    private NDArray text;

    /** Loads LibTorch and the weights. */
    public LibTorchEngine(ReferenceModel model) {
        this.model = model;
        this.config = model.decoder();
        ai.djl.engine.Engine.getEngine(NAME).setRandomSeed(SEED);
        this.arrays = NDManager.newBaseManager(Device.cpu(), NAME);
        this.weights = LibTorchWeights.load(arrays, model);
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
    public void readText(float[] states) {
        text = states.length == 0
                ? null
                : arrays.create(states, new Shape(1, states.length / config.width(), config.width()));
    }

    @Override
    public Decoded decode(int sequences, int steps) {
        return decode(sequences, steps, (logits, codes) -> {});
    }

    /** Hears of every code that counts. Shapes: logits {@code [B, V]}, codes {@code [B]} */
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
        return new Decoded(decoded.codes(), sum[0] / (decoded.codes().length * decoded.codes()[0].length));
    }

    private Decoded decode(int sequences, int steps, StepObserver observer) {
        requireGradients(false);
        int codebooks = config.codebooks();
        int frames = model.pattern().frames(steps);
        int[][] codes = new int[sequences * codebooks][frames];
        try (NDManager run = arrays.newSubManager();
                LibTorchCache cache = new LibTorchCache(run, decoder, sequences, steps, text)) {
            NDArray start = run.full(new Shape(sequences), config.startToken(), DataType.INT64);
            List<NDArray> inputs = new ArrayList<>(Collections.nCopies(codebooks, start));
            for (int step = 0; step < steps; step++) {
                try (NDManager scope = run.newSubManager()) {
                    // What a step makes belongs to the scope of its first operand.
                    List<NDArray> own = inputs.stream()
                            .map(each -> {
                                NDArray copy = each.duplicate();
                                copy.attach(scope);
                                return copy;
                            })
                            .toList();
                    List<NDArray> logits = decoder.nextLogits(scope, own, cache);
                    for (int k = 0; k < codebooks; k++) {
                        if (!model.pattern().hasCode(k, step, frames)) {
                            inputs.set(k, start);
                            continue;
                        }
                        NDArray chosen = sampled(logits.get(k));
                        observer.sampled(logits.get(k), chosen);
                        long[] values = chosen.toLongArray();
                        for (int b = 0; b < sequences; b++) {
                            codes[b * codebooks + k][model.pattern().frame(k, step)] = (int) values[b];
                        }
                        if (inputs.get(k) != start) {
                            inputs.get(k).close();
                        }
                        chosen.attach(run);
                        inputs.set(k, chosen);
                    }
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
        int codebooks = config.codebooks();
        int sequences = codes.length / codebooks;
        int steps = model.pattern().steps(codes[0].length);
        long[][] inputs = new long[codebooks][sequences * steps];
        long[][] targets = new long[codebooks][sequences * steps];
        float[][] valid = new float[codebooks][sequences * steps];
        for (int b = 0; b < sequences; b++) {
            int[][] own = Arrays.copyOfRange(codes, b * codebooks, (b + 1) * codebooks);
            int[][] in = model.pattern().inputs(own);
            int[][] out = model.pattern().targets(own);
            for (int k = 0; k < codebooks; k++) {
                for (int t = 0; t < steps; t++) {
                    inputs[k][b * steps + t] = in[k][t];
                    targets[k][b * steps + t] = Math.max(out[k][t], 0);
                    valid[k][b * steps + t] = out[k][t] < 0 ? 0.0f : 1.0f;
                }
            }
        }
        List<NDArray> read = Arrays.stream(inputs)
                .map(each -> scope.create(each, new Shape(sequences, steps)))
                .toList();
        NDArray own = text == null ? null : scope.create(text.toFloatArray(), text.getShape());
        List<NDArray> logits = decoder.logits(scope, read, LibTorchDecoder.causalMask(scope, steps), own);
        NDArray sum = null;
        for (int k = 0; k < codebooks; k++) {
            NDArray chosen = scope.create(targets[k], new Shape(targets[k].length, 1));
            NDArray counted = scope.create(valid[k], new Shape(valid[k].length, 1));
            NDArray one =
                    logits.get(k).logSoftmax(-1).gather(chosen, 1).mul(counted).sum();
            sum = sum == null ? one : sum.add(one);
        }
        return sum.div((float) codes.length * codes[0].length).neg();
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
