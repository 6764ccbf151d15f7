package org.encore.trainer.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Shards;

/**
 * A small causal network: it embeds each code with its log-ratio, adds the embeddings up over the piece so far, and reads the sum,
 * the mean and the score of the piece so far.
 *
 * <p>At step t, with the codes {@code a_i} and log-ratios {@code l_i} of the steps before, and a start token at 0:
 *
 * <pre>
 * φ_i = relu(A Σ_k E_k[a_(i-1),k] + B [l, tanh 2l, min(l, 0)]_(i-1) + b)
 * h_t = relu(C Σ_(i≤t) φ_i / 10 + D Σ_(i≤t) φ_i / (t + 1) + F g_t + c)
 * V_t = w h_t + v
 * </pre>
 *
 * {@code g_t} holds the last two standardised scores of complete beginnings, whether there is one, the inverse of their number, and
 * the step. Values are in standard deviations of the return; the owner scales them. Every pass takes whole pieces one after another,
 * without padding.
 */
public final class ReaderNetwork {
    private final Shards shards;
    private final Sizes sizes;
    private final Map<String, int[]> layout = new LinkedHashMap<>();
    private final Weights weights;
    private final List<Weights> gradients = new ArrayList<>();
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final List<Buffers> buffers = new ArrayList<>();
    private long updates;

    /**
     * The sizes of a network.
     *
     * @param codebooks K
     * @param ids codes of a codebook, the start token included
     * @param embedding E
     * @param hidden H
     * @param rows most rows of a pass in a shard
     * @param steps the most steps of a piece
     */
    public record Sizes(int codebooks, int ids, int embedding, int hidden, int rows, int steps) {
        /** P, the number of weights. */
        public long weights() {
            long codes = (long) codebooks * ids * embedding;
            long token = (long) hidden * (embedding + ReaderRows.RATIOS + 1);
            long state = (long) hidden * (2L * hidden + ReaderRows.STATE + 1);
            return codes + token + state + hidden + 1;
        }

        /** Elements of all tensors of a network in some shards. */
        public long elements(int shards) {
            long row =
                    2L * embedding + (long) Buffers.HIDDEN.size() * hidden + ReaderRows.RATIOS + ReaderRows.STATE + 1;
            return (3L + shards) * weights() + shards * row * rows;
        }
    }

    /** Allocates; the head is zero, so that every value is 0 at first. */
    public ReaderNetwork(Shards shards, Sizes sizes, RandomGenerator random) {
        this.shards = shards;
        this.sizes = sizes;
        int e = sizes.embedding();
        int h = sizes.hidden();
        int size = 0;
        for (int k = 0; k < sizes.codebooks(); k++) {
            size = place("codes." + k, size, sizes.ids(), e);
        }
        size = place("token.codes", size, h, e);
        size = place("token.ratios", size, h, ReaderRows.RATIOS);
        size = place("token.bias", size, 1, h);
        size = place("state.sum", size, h, h);
        size = place("state.mean", size, h, h);
        size = place("state.step", size, h, ReaderRows.STATE);
        size = place("state.bias", size, 1, h);
        size = place("value.weight", size, 1, h);
        size = place("value.bias", size, 1, 1);
        Kernels kernels = shards.kernels(0);
        weights = new Weights(kernels.allocate(1, size), layout, sizes.codebooks());
        firstMoment = kernels.allocate(1, size);
        secondMoment = kernels.allocate(1, size);
        for (int i = 0; i < shards.count(); i++) {
            gradients.add(new Weights(shards.kernels(i).allocate(1, size), layout, sizes.codebooks()));
            buffers.add(new Buffers(shards.kernels(i), sizes));
        }
        initialise(random);
    }

    private int place(String name, int offset, int rows, int columns) {
        layout.put(name, new int[] {offset, rows, columns});
        return offset + rows * columns;
    }

    /** Normal weights: embeddings of deviation 0.3, the others He's by their inputs; biases and head 0. */
    private void initialise(RandomGenerator random) {
        double[] all = new double[(int) weights.flat.size()];
        layout.forEach((name, place) -> {
            int inputs = name.startsWith("token")
                    ? sizes.embedding() + ReaderRows.RATIOS
                    : 2 * sizes.hidden() + ReaderRows.STATE;
            double deviation = name.startsWith("codes.") ? 0.3 : Math.sqrt(2.0 / inputs);
            boolean zero = name.endsWith("bias") || name.startsWith("value");
            for (int i = 0; i < place[1] * place[2]; i++) {
                all[place[0] + i] = zero ? 0.0 : deviation * random.nextGaussian();
            }
        });
        shards.kernels(0).write(weights.flat, all);
    }

    /** One vector and its named views. */
    private static final class Weights {
        private final Tensor flat;
        private final List<Tensor> codes = new ArrayList<>();
        private final Map<String, Tensor> named = new LinkedHashMap<>();

        Weights(Tensor flat, Map<String, int[]> layout, int codebooks) {
            this.flat = flat;
            layout.forEach((name, place) -> named.put(name, flat.slice(place[0], place[1], place[2])));
            for (int k = 0; k < codebooks; k++) {
                codes.add(named.get("codes." + k));
            }
        }

        Tensor get(String name) {
            return named.get(name);
        }
    }

    /** The activations of one shard. */
    private static final class Buffers {
        private static final List<String> HIDDEN =
                List.of("token", "active", "sum", "mean", "state", "read", "dread", "dsum", "dmean");

        private final Map<String, Tensor> all = new LinkedHashMap<>();
        private final int rows;

        Buffers(Kernels kernels, Sizes sizes) {
            rows = sizes.rows();
            for (String name : List.of("embedded", "dembedded")) {
                all.put(name, kernels.allocate(rows, sizes.embedding()));
            }
            for (String name : HIDDEN) {
                all.put(name, kernels.allocate(rows, sizes.hidden()));
            }
            all.put("ratios", kernels.allocate(rows, ReaderRows.RATIOS));
            all.put("step", kernels.allocate(rows, ReaderRows.STATE));
            all.put("value", kernels.allocate(rows, 1));
        }

        Tensor get(String name, int count) {
            return all.get(name).rowRange(0, count);
        }
    }

    /** Number of weights. */
    public int size() {
        return (int) weights.flat.size();
    }

    /** Updates so far. */
    public long updates() {
        return updates;
    }

    /** The weights, or a moment of the optimiser: for files. */
    public enum Vector {
        WEIGHTS,
        FIRST_MOMENT,
        SECOND_MOMENT
    }

    /** Copies a vector out, {@code [P]}. */
    public float[] read(Vector vector) {
        return shards.kernels(0).readFloats(of(vector));
    }

    /** Copies a vector in; the number of updates goes with the moments. */
    public void write(Vector vector, float[] values, long updatesSoFar) {
        if (values.length != size()) {
            throw new IllegalArgumentException(values.length + " weights do not fit a reader of " + size());
        }
        shards.kernels(0).write(of(vector), values);
        updates = updatesSoFar;
    }

    private Tensor of(Vector vector) {
        return switch (vector) {
            case WEIGHTS -> weights.flat;
            case FIRST_MOMENT -> firstMoment;
            case SECOND_MOMENT -> secondMoment;
        };
    }

    /**
     * Values of pieces, {@code [B][T]}, in standard deviations of the return.
     *
     * @param standard mean and deviation by which scores of beginnings are standardised
     */
    public double[][] values(List<Reading> pieces, Standard standard) {
        double[][] values = new double[pieces.size()][];
        List<int[]> passes = passes(pieces);
        shards.each(shard -> {
            for (int j = shard; j < passes.size(); j += shards.count()) {
                double[] rows = forward(shard, chosen(pieces, passes.get(j)), standard);
                int row = 0;
                for (int b : passes.get(j)) {
                    values[b] =
                            Arrays.copyOfRange(rows, row, row + pieces.get(b).steps());
                    row += pieces.get(b).steps();
                }
            }
        });
        return values;
    }

    /**
     * Adds the gradient of the mean squared error over all steps of some pieces.
     *
     * @param returns standardised return of each step, {@code [B][T]}
     * @return the loss
     */
    public double accumulate(List<Reading> pieces, List<float[]> returns, Standard standard) {
        List<int[]> passes = passes(pieces);
        int steps = pieces.stream().mapToInt(Reading::steps).sum();
        double[] losses = new double[passes.size()];
        shards.each(shard -> {
            for (int j = shard; j < passes.size(); j += shards.count()) {
                List<Reading> own = chosen(pieces, passes.get(j));
                double[] rows = forward(shard, own, standard);
                int row = 0;
                for (int b : passes.get(j)) {
                    for (float wanted : returns.get(b)) {
                        double error = rows[row] - wanted;
                        losses[j] += error * error / steps;
                        rows[row++] = 2.0 * error / steps;
                    }
                }
                backward(shard, own, rows);
            }
        });
        return Arrays.stream(losses).sum();
    }

    /** The accumulated gradient of all shards, {@code [P]}: for tests. */
    double[] gradient() {
        return shards.kernels(0).readDoubles(total());
    }

    private Tensor total() {
        Tensor total = gradients.get(0).flat;
        for (int i = 1; i < gradients.size(); i++) {
            shards.kernels(0).add(gradients.get(i).flat, total);
            shards.kernels(0).fill(gradients.get(i).flat, 0.0);
        }
        return total;
    }

    /**
     * Updates the weights with the accumulated gradient, and clears it; one that is not finite changes nothing.
     *
     * @param step settings of the update, but for its number and the scale of the gradient
     * @return the norm of the gradient
     */
    public double update(AdamWStep step, double maxGradNorm) {
        Kernels kernels = shards.kernels(0);
        Tensor gradient = total();
        double norm = Math.sqrt(kernels.sumOfSquares(gradient));
        if (Double.isFinite(norm)) {
            updates++;
            AdamWStep own = new AdamWStep(
                    step.learningRate(),
                    step.beta1(),
                    step.beta2(),
                    step.epsilon(),
                    step.weightDecay(),
                    updates,
                    norm > maxGradNorm ? maxGradNorm / norm : 1.0);
            kernels.adamW(own, weights.flat, gradient, firstMoment, secondMoment);
        }
        kernels.fill(gradient, 0.0);
        return norm;
    }

    /** Mean and deviation of returns, to standardise them. */
    public record Standard(double mean, double deviation) {
        /** A return in deviations from the mean. */
        public double of(double value) {
            return (value - mean) / deviation;
        }
    }

    /** Cuts pieces into passes that fit the buffers. */
    private List<int[]> passes(List<Reading> pieces) {
        List<int[]> passes = new ArrayList<>();
        int from = 0;
        int rows = 0;
        for (int b = 0; b <= pieces.size(); b++) {
            int next = b < pieces.size() ? pieces.get(b).steps() : Integer.MAX_VALUE / 2;
            if (rows + next > sizes.rows() && b > from) {
                int first = from;
                passes.add(IntStream.range(first, b).toArray());
                from = b;
                rows = 0;
            }
            rows += next;
        }
        return passes;
    }

    private static List<Reading> chosen(List<Reading> pieces, int[] members) {
        return Arrays.stream(members).mapToObj(pieces::get).toList();
    }

    private double[] forward(int shard, List<Reading> pieces, Standard standard) {
        Kernels kernels = shards.kernels(shard);
        Buffers at = buffers.get(shard);
        int rows = pieces.stream().mapToInt(Reading::steps).sum();
        ReaderRows read = new ReaderRows(pieces, sizes.hidden());
        kernels.write(at.get("ratios", rows), read.ratios());
        kernels.write(at.get("step", rows), read.states(standard, sizes.steps()));
        kernels.embed(read.inputs(), weights.codes, at.get("embedded", rows));
        Tensor token = at.get("token", rows);
        kernels.linear(at.get("embedded", rows), weights.get("token.codes"), token);
        kernels.addLinear(at.get("ratios", rows), weights.get("token.ratios"), token);
        kernels.addBias(weights.get("token.bias"), token);
        kernels.activation(Activation.RELU, token, at.get("active", rows));
        double[] sums = kernels.readDoubles(at.get("active", rows));
        kernels.write(at.get("mean", rows), read.pool(sums));
        kernels.write(at.get("sum", rows), sums);
        Tensor state = at.get("state", rows);
        kernels.linear(at.get("sum", rows), weights.get("state.sum"), state);
        kernels.addLinear(at.get("mean", rows), weights.get("state.mean"), state);
        kernels.addLinear(at.get("step", rows), weights.get("state.step"), state);
        kernels.addBias(weights.get("state.bias"), state);
        kernels.activation(Activation.RELU, state, at.get("read", rows));
        Tensor value = at.get("value", rows);
        kernels.linear(at.get("read", rows), weights.get("value.weight"), value);
        kernels.addBias(weights.get("value.bias"), value);
        return kernels.readDoubles(value);
    }

    private void backward(int shard, List<Reading> pieces, double[] byValue) {
        Kernels kernels = shards.kernels(shard);
        Buffers at = buffers.get(shard);
        Weights gradient = gradients.get(shard);
        int rows = byValue.length;
        Tensor value = at.get("value", rows);
        kernels.write(value, byValue);
        kernels.linearWeightGradient(value, at.get("read", rows), gradient.get("value.weight"));
        kernels.biasGradient(value, gradient.get("value.bias"));
        Tensor dread = at.get("dread", rows);
        kernels.linearInputGradient(value, weights.get("value.weight"), dread);
        kernels.activationGradient(Activation.RELU, at.get("state", rows), dread);
        kernels.linearWeightGradient(dread, at.get("sum", rows), gradient.get("state.sum"));
        kernels.linearWeightGradient(dread, at.get("mean", rows), gradient.get("state.mean"));
        kernels.linearWeightGradient(dread, at.get("step", rows), gradient.get("state.step"));
        kernels.biasGradient(dread, gradient.get("state.bias"));
        kernels.linearInputGradient(dread, weights.get("state.sum"), at.get("dsum", rows));
        kernels.linearInputGradient(dread, weights.get("state.mean"), at.get("dmean", rows));
        Tensor dtoken = at.get("dsum", rows);
        ReaderRows read = new ReaderRows(pieces, sizes.hidden());
        double[] dpooled = kernels.readDoubles(dtoken);
        read.poolGradient(dpooled, kernels.readDoubles(at.get("dmean", rows)));
        kernels.write(dtoken, dpooled);
        kernels.activationGradient(Activation.RELU, at.get("token", rows), dtoken);
        kernels.linearWeightGradient(dtoken, at.get("embedded", rows), gradient.get("token.codes"));
        kernels.linearWeightGradient(dtoken, at.get("ratios", rows), gradient.get("token.ratios"));
        kernels.biasGradient(dtoken, gradient.get("token.bias"));
        Tensor dembedded = at.get("dembedded", rows);
        kernels.linearInputGradient(dtoken, weights.get("token.codes"), dembedded);
        int[][] inputs = read.inputs();
        for (int k = 0; k < inputs.length; k++) {
            kernels.embedGradient(inputs[k], dembedded, gradient.codes.get(k));
        }
    }
}
