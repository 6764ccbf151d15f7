package org.encore.model.kernels;

import java.util.List;
import org.encore.model.kernels.RowStatistics.RowCoefficients;

/**
 * All operations of the models, forward and backward, on tensors whose memory only the implementation accesses.
 *
 * <p>Names: an operation {@code f} with output last; its gradient is {@code fGradient}. "Adds to" means that the output accumulates; all other outputs are overwritten. Gradients of parameters are always added to, so that
 * micro-batches accumulate. Shapes are checked by the callers' layout, not on each call; ids and targets are checked on each call because they come from files and users.
 *
 * <p>Not safe for use by several threads at once: an implementation may split one operation over its own threads.
 */
public interface Kernels extends AutoCloseable {
    /** No row: {@link #gatherRows} gives zeros for it, {@link #scatterRows} leaves it out. */
    int NO_ROW = -1;

    Precision precision();

    /** Backend and version, for the provenance of a run. */
    String description();

    // ---- memory

    /** A new tensor of zeros that lives until {@link #close}. */
    Tensor allocate(int rows, int columns);

    /** Bytes of memory held for tensors, scratch included. */
    long allocatedBytes();

    /** Copies row-major values in. */
    void write(Tensor target, float[] values);

    /** Copies row-major values in. */
    void write(Tensor target, double[] values);

    /** Copies the values out, row-major. */
    float[] readFloats(Tensor source);

    /** Copies the values out, row-major. */
    double[] readDoubles(Tensor source);

    /** {@code target = source}. */
    void copy(Tensor source, Tensor target);

    /** Sets every element. */
    void fill(Tensor target, double value);

    /** {@code y += x}. */
    void add(Tensor x, Tensor y);

    /** {@code x *= factor}. */
    void scale(Tensor x, double factor);

    /** {@code x[i, :] *= rowFactors[i]}. Shapes: rowFactors {@code [rows, 1]} */
    void scaleRows(Tensor x, Tensor rowFactors);

    /** The sum of squares of all elements, accumulated in 64 bits; NaN or infinite if an element is. */
    double sumOfSquares(Tensor x);

    // ---- products

    /** {@code y = x wᵀ}. Shapes: x {@code [N, in]}, w {@code [out, in]}, y {@code [N, out]} */
    void linear(Tensor x, Tensor w, Tensor y);

    /** {@code y += x wᵀ}: a product added to the residual stream. */
    void addLinear(Tensor x, Tensor w, Tensor y);

    /** {@code dx = dy w}. */
    void linearInputGradient(Tensor dy, Tensor w, Tensor dx);

    /** {@code dx += dy w}. */
    void addLinearInputGradient(Tensor dy, Tensor w, Tensor dx);

    /** {@code dw += dyᵀ x}. */
    void linearWeightGradient(Tensor dy, Tensor x, Tensor dw);

    /** {@code y[i, :] += bias}. Shapes: bias {@code [1, D]} */
    void addBias(Tensor bias, Tensor y);

    /** {@code dbias += Σ_i dy[i, :]}. */
    void biasGradient(Tensor dy, Tensor dbias);

    // ---- normalisation and non-linearities

    /**
     * Layer normalisation: {@code y = normalised * gain + bias}, {@code normalised = (x - mean) * inverseDeviation}.
     *
     * <p>Shapes: x, normalised, y {@code [N, D]}; gain, bias {@code [1, D]}; inverseDeviation {@code [N, 1]}.
     */
    void layerNorm(Tensor x, LayerNormWeights w, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y);

    /** Adds to {@code dx} and to the gradients of gain and bias; {@code dy} is destroyed. */
    void layerNormGradient(
            Tensor dy, Tensor normalised, Tensor inverseDeviation, LayerNormWeights w, LayerNormWeights dw, Tensor dx);

    /** Gain and bias of a layer normalisation, or their gradients. */
    record LayerNormWeights(Tensor gain, Tensor bias) {}

    /**
     * Root-mean-square normalisation without mean and bias: {@code y = x / sqrt(mean(x²) + epsilon) * gain}.
     *
     * <p>Shapes as of {@link #layerNorm}.
     */
    void rmsNorm(Tensor x, Tensor gain, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y);

    /** Adds to {@code dx} and {@code dgain}; {@code dy} is destroyed. */
    void rmsNormGradient(Tensor dy, Tensor normalised, Tensor inverseDeviation, Tensor gain, Tensor dgain, Tensor dx);

    /** {@code y = f(x)}. */
    void activation(Activation kind, Tensor x, Tensor y);

    /** {@code dy *= f'(x)}. */
    void activationGradient(Activation kind, Tensor x, Tensor dy);

    /** {@code x[i, j] *=} the factor of element {@code i * columns + j}: {@link Dropout}, and its gradient. */
    void dropout(Dropout pattern, Tensor x);

    // ---- attention

    /**
     * Causal attention: step t sees the keys 0 to t.
     *
     * <p>Shapes: logSums {@code [B * H * queries, 1]}, for {@link #causalAttentionGradient} of the same kernels only: the weights, quadratic in the steps, are not kept.
     */
    void causalAttention(AttentionShape shape, AttentionInputs in, Tensor logSums, Tensor out);

    /** Gradient of {@link #causalAttention}, from its inputs and outputs. */
    void causalAttentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor logSums,
            Tensor out,
            Tensor dout,
            AttentionGradients gradients);

    /** Attention over the keys whose mask is 1; if every key is masked, attention is uniform. Shapes: keyMask {@code [B, keys]}, weights {@code [B * H * queries, keys]}, kept for the gradient */
    void maskedAttention(
            AttentionShape shape, Tensor q, Tensor k, Tensor v, Tensor keyMask, Tensor weights, Tensor out);

    /** {@link #maskedAttention} with a bias added to the scaled scores. Shapes: bias {@code [H * queries, keys]} */
    void biasedAttention(AttentionShape shape, AttentionInputs in, Tensor keyMask, Tensor weights, Tensor out);

    /** Queries, keys, values and the bias on the scores. */
    record AttentionInputs(Tensor q, Tensor k, Tensor v, Tensor bias) {}

    /** Gradients of queries, keys and values, overwritten. */
    record AttentionGradients(Tensor dq, Tensor dk, Tensor dv) {}

    /**
     * Gradient of masked and biased attention, from the stored weights.
     *
     * @param scores scratch like {@code weights}; holds the gradient of the scaled scores afterwards
     */
    void attentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor weights,
            Tensor dout,
            Tensor scores,
            AttentionGradients out);

    /** {@code dbias[h, i, j] += Σ_b dscores[b, h, i, j]}. */
    void attentionBiasGradient(AttentionShape shape, Tensor dscores, Tensor dbias);

    /** The operations of decoding; always the same object. */
    DecodingKernels decoding();

    // ---- convolutions and recurrence

    /**
     * {@code y[i, :] = x[rows[i], :]}, or zeros where that is {@link #NO_ROW}; its gradient is {@link #scatterRows}. Lays out the windows of a convolution (im2col). Shapes: rows {@code [N]}, y {@code [N, D]}
     *
     * @throws IllegalArgumentException if a number is no row of x
     */
    void gatherRows(int[] rows, Tensor x, Tensor y);

    /**
     * {@code y[rows[i], :] += x[i, :]}, except where that is {@link #NO_ROW}; its gradient is {@link #gatherRows}. Adds up the windows of a transposed convolution (col2im). Shapes: rows {@code [N]}, x {@code [N, D]}
     *
     * @throws IllegalArgumentException if a number is no row of y
     */
    void scatterRows(int[] rows, Tensor x, Tensor y);

    /**
     * The pointwise part of one step of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates): input, forget and output gates are sigmoids, the candidate a tanh; {@code cell = forget · before + input · candidate}, {@code hidden = output · tanh(cell)}.
     *
     * <p>Shapes: before, cell, hidden {@code [N, H]}; cell may be before.
     *
     * @param gates arguments of input gate, forget gate, candidate and output gate before, their values after; {@code [N, 4H]}
     * @param before cell of the step before
     */
    void lstmCell(Tensor gates, Tensor before, Tensor cell, Tensor hidden);

    /**
     * Gradient of {@link #lstmCell}, from its outputs.
     *
     * @param gates values of the gates before, gradient of their arguments after
     * @param dcell gradient of the cell from later steps before, gradient of the cell of the step before after
     */
    void lstmCellGradient(Tensor gates, Tensor before, Tensor cell, Tensor dhidden, Tensor dcell);

    // ---- tables

    /**
     * {@code y[i, :] = Σ_k tables[k][ids[k][i], :]}. Shapes: ids {@code [K][N]}, y {@code [N, D]}
     *
     * @throws IllegalArgumentException if an id is no row of its table
     */
    void embed(int[][] ids, List<Tensor> tables, Tensor y);

    /** {@code dtable[ids[i], :] += dy[i, :]}. */
    void embedGradient(int[] ids, Tensor dy, Tensor dtable);

    // ---- logits

    /**
     * One pass over rows of logits: turns them into log-probabilities in place and returns each row's target log-probability, entropy and, with a reference, exact KL.
     *
     * <p>Shapes: logits and referenceLogProbs {@code [N, V]}, targets {@code [N]}.
     *
     * @param logits logits before, log-softmax of {@code logits * inverseTemperature} after
     * @param targets code of each row, or -1 for rows to ignore
     * @param referenceLogProbs rows of another model after the same call, or null
     * @throws IllegalArgumentException if a target is no code
     */
    void policyRows(
            Tensor logits,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics);

    /**
     * Turns log-probabilities into the gradient of the logits in place, by {@code coefficients}.
     *
     * <p>With p = exp(logProbs): dlogits_j = inverseTemperature · (byLogProb · (1[j = target] - p_j) + byKl · p_j · (log
     * p_j - log r_j - KL) - byEntropy · p_j · (log p_j + entropy)). Rows without a target become 0.
     */
    void policyRowsGradient(
            Tensor logProbs,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics,
            RowCoefficients coefficients);

    // ---- optimiser

    /** One AdamW update of flat vectors. Shapes: all {@code [1, P]} */
    void adamW(AdamWStep step, Tensor parameters, Tensor gradient, Tensor firstMoment, Tensor secondMoment);

    /** Frees all memory. */
    @Override
    void close();

    /** Pointwise non-linearities. */
    enum Activation {
        /** Gaussian error linear unit, exact: {@code x Φ(x)} (Hendrycks and Gimpel 2016). */
        GELU,
        /** Its tanh approximation. */
        GELU_TANH,
        /** {@code max(x, 0)}; the derivative at 0 is 0. */
        RELU,
        /** Exponential linear unit: x above 0, {@code exp(x) - 1} below (Clevert et al. 2016). */
        ELU
    }

    /**
     * The sizes of one multi-head attention.
     *
     * @param batch sequences B
     * @param heads heads H; head h uses the columns {@code [h * headWidth, (h + 1) * headWidth)} of queries, keys and values
     * @param queries query steps a sequence
     * @param keys key steps a sequence
     * @param headWidth width of a head
     * @param scale factor on the products of queries and keys
     */
    record AttentionShape(int batch, int heads, int queries, int keys, int headWidth, double scale) {
        public AttentionShape {
            if (batch < 1 || heads < 1 || queries < 1 || keys < 1 || headWidth < 1) {
                throw new IllegalArgumentException(
                        "every size of an attention must be at least 1, but they are batch " + batch + ", heads "
                                + heads + ", queries " + queries + ", keys " + keys + ", headWidth " + headWidth);
            }
        }

        /** Rows of the matrix {@code [B * H * queries, keys]} that keeps the attention weights for the backward pass. */
        public int weightRows() {
            return batch * heads * queries;
        }
    }

    /**
     * One update of AdamW (Loshchilov and Hutter 2019, algorithm 2).
     *
     * @param learningRate step size, after the schedule
     * @param beta1 decay of the first moment, in [0, 1)
     * @param beta2 decay of the second moment, in [0, 1)
     * @param epsilon added to the root of the second moment, above 0
     * @param weightDecay decoupled decay, at least 0; multiplied by the learning rate
     * @param step number of this update, from 1, for the bias correction
     * @param gradientScale factor on the gradient, applied first: global-norm clipping
     */
    record AdamWStep(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step,
            double gradientScale) {
        /** The factor that removes the first moment's bias towards zero. */
        public double firstCorrection() {
            return 1.0 / (1.0 - StrictMath.pow(beta1, (double) step));
        }

        /** The factor that removes the second moment's bias towards zero. */
        public double secondCorrection() {
            return 1.0 / (1.0 - StrictMath.pow(beta2, (double) step));
        }
    }

    /** Width of the floating-point numbers a {@link Kernels} computes in. */
    enum Precision {
        /** 32 bits: training and decoding. */
        SINGLE,
        /** 64 bits: finite-difference checks. */
        DOUBLE
    }
}
