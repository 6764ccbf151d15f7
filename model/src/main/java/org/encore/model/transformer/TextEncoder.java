package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations.Arena;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.DecoderActivations.Normed;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.ParameterLayout.ParameterNames;

/**
 * T5's encoder: RMS normalisation, attention without scaling and with a learned bias by relative position, ReLU.
 *
 * <p>A product with a one-hot matrix expands the bias by bucket to pairs of positions; its transpose gives the gradient, so both directions have a fixed order of summation.
 */
final class TextEncoder {
    private final Kernels kernels;
    private final TextEncoderConfig config;
    private final Map<Integer, float[]> oneHot = new HashMap<>();

    TextEncoder(Kernels kernels, TextEncoderConfig config) {
        this.kernels = kernels;
        this.config = config;
    }

    /** Fills {@code a.states}. Shapes: ids {@code [B * S]} */
    void forward(TextWeights w, TextActivations a, int[] ids) {
        spreadBias(w, a);
        kernels.embed(new int[][] {ids}, List.of(w.embedding()), a.x);
        for (int i = 0; i < config.layers(); i++) {
            TextActivations.BlockActivations b = a.blocks.get(i);
            TextWeights.BlockWeights v = w.blocks().get(i);
            norm(a.x, v.norm(), b.norm());
            kernels.linear(b.norm().out(), v.qkv(), b.qkv());
            kernels.biasedAttention(a.attention, b.inputs(), a.validity, b.weights(), b.attended());
            kernels.addLinear(b.attended(), v.o(), a.x);
            norm(a.x, v.feedForwardNorm(), b.feedForwardNorm());
            kernels.linear(b.feedForwardNorm().out(), v.wi(), b.hidden());
            kernels.activation(Activation.RELU, b.hidden(), b.gated());
            kernels.addLinear(b.gated(), v.wo(), a.x);
        }
        norm(a.x, w.finalNorm(), a.states);
    }

    /** Adds to the gradient; {@code a.dy} holds that of the states on entry and is destroyed. */
    void backward(TextWeights w, TextWeights dw, TextActivations a, int[] ids) {
        if (a.isForwardOnly()) {
            throw new IllegalStateException("the text encoder is trained, but its buffers are for one that is frozen");
        }
        kernels.fill(a.dx, 0.0);
        kernels.fill(a.dbias, 0.0);
        normGradient(a, w.finalNorm(), dw.finalNorm(), a.states);
        for (int i = config.layers() - 1; i >= 0; i--) {
            blockGradient(w.blocks().get(i), dw.blocks().get(i), a, a.blocks.get(i));
        }
        kernels.embedGradient(ids, a.dx, dw.embedding());
        int pairs = a.buckets.columns();
        kernels.addLinear(a.buckets, a.dbias.reshaped(config.heads(), pairs), dw.relativeBias());
    }

    private void blockGradient(
            TextWeights.BlockWeights w,
            TextWeights.BlockWeights dw,
            TextActivations a,
            TextActivations.BlockActivations b) {
        kernels.linearWeightGradient(a.dx, b.gated(), dw.wo());
        kernels.linearInputGradient(a.dx, w.wo(), a.dhidden);
        kernels.activationGradient(Activation.RELU, b.hidden(), a.dhidden);
        kernels.linearWeightGradient(a.dhidden, b.feedForwardNorm().out(), dw.wi());
        kernels.linearInputGradient(a.dhidden, w.wi(), a.dy);
        normGradient(a, w.feedForwardNorm(), dw.feedForwardNorm(), b.feedForwardNorm());

        kernels.linearWeightGradient(a.dx, b.attended(), dw.o());
        kernels.linearInputGradient(a.dx, w.o(), a.dattended);
        kernels.attentionGradient(a.attention, b.inputs(), b.weights(), a.dattended, a.dscores, a.dparts);
        kernels.attentionBiasGradient(a.attention, a.dscores, a.dbias);
        kernels.linearWeightGradient(a.dqkv, b.norm().out(), dw.qkv());
        kernels.linearInputGradient(a.dqkv, w.qkv(), a.dy);
        normGradient(a, w.norm(), dw.norm(), b.norm());
    }

    private void norm(Tensor x, Tensor gain, Normed n) {
        kernels.rmsNorm(x, gain, config.epsilon(), n.normalised(), n.inverseDeviation(), n.out());
    }

    private void normGradient(TextActivations a, Tensor gain, Tensor dgain, Normed n) {
        kernels.rmsNormGradient(a.dy, n.normalised(), n.inverseDeviation(), gain, dgain, a.dx);
    }

    private void spreadBias(TextWeights w, TextActivations a) {
        int s = a.attention.queries();
        // Written each time: shapes and networks share memory, and another pass may have overwritten it.
        kernels.write(a.buckets, oneHot.computeIfAbsent(s, size -> RelativePositions.oneHot(size, config)));
        kernels.fill(a.bias, 0.0);
        kernels.linearWeightGradient(w.relativeBias(), a.buckets, a.bias.reshaped(config.heads(), s * s));
    }

    /**
     * The text encoder's views of the flat vector: of its weights, or of their gradient.
     *
     * @param embedding {@code [vocabulary, E]}
     * @param relativeBias {@code [buckets, H]}
     * @param blocks the blocks
     * @param finalNorm {@code [1, E]}
     */
    record TextWeights(Tensor embedding, Tensor relativeBias, List<BlockWeights> blocks, Tensor finalNorm) {
        /**
         * One block.
         *
         * @param norm {@code [1, E]}
         * @param qkv query, key and value matrices, {@code [3A, E]}
         * @param o {@code [E, A]}
         * @param feedForwardNorm {@code [1, E]}
         * @param wi {@code [I, E]}
         * @param wo {@code [E, I]}
         */
        record BlockWeights(Tensor norm, Tensor qkv, Tensor o, Tensor feedForwardNorm, Tensor wi, Tensor wo) {}

        static TextWeights of(Parameters p, TextEncoderConfig config) {
            List<BlockWeights> blocks = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                String attention = ParameterNames.textAttention(i);
                blocks.add(new BlockWeights(
                        p.get(ParameterNames.textNorm(i, 0)),
                        p.stacked(attention + "q.weight", attention + "v.weight"),
                        p.get(attention + "o.weight"),
                        p.get(ParameterNames.textNorm(i, 1)),
                        p.get(ParameterNames.textFeedForward(i) + "wi.weight"),
                        p.get(ParameterNames.textFeedForward(i) + "wo.weight")));
            }
            return new TextWeights(
                    p.get(ParameterNames.TEXT_EMBEDDING),
                    p.get(ParameterNames.RELATIVE_BIAS),
                    blocks,
                    p.get(ParameterNames.TEXT_FINAL_NORM));
        }
    }

    /** The text encoder's buffers for one shape; R = B·S rows, A the width of all heads, I the feed-forward width. */
    static final class TextActivations {
        /**
         * One block.
         *
         * @param qkv {@code [R, 3A]}
         * @param inputs queries, keys, values and bias
         * @param weights {@code [B * H * S, S]}
         * @param attended {@code [R, A]}
         * @param hidden before the non-linearity, {@code [R, I]}
         * @param gated after it, {@code [R, I]}
         */
        record BlockActivations(
                Normed norm,
                Tensor qkv,
                AttentionInputs inputs,
                Tensor weights,
                Tensor attended,
                Normed feedForwardNorm,
                Tensor hidden,
                Tensor gated) {}

        final AttentionShape attention;
        final Tensor validity;
        final Tensor bias;
        final Tensor x;
        final List<BlockActivations> blocks = new ArrayList<>();
        final Normed states;

        final Tensor dx;
        final Tensor dy;
        final Tensor dqkv;
        final AttentionGradients dparts;
        final Tensor dattended;
        final Tensor dhidden;
        final Tensor dscores;
        final Tensor dbias;
        final Tensor buckets;

        private final TextEncoding encoding;

        /**
         * Allocates.
         *
         * @param validity 1 where a token is real, {@code [B, S]}
         */
        TextActivations(Arena arena, TextEncoderConfig c, BatchShape shape, Tensor validity, TextEncoding encoding) {
            int rows = shape.textRows();
            int s = shape.textTokens();
            this.validity = validity;
            this.encoding = encoding;
            attention = new AttentionShape(shape.batch(), c.heads(), s, s, c.headWidth(), 1.0);
            bias = arena.take(c.heads() * s, s);
            x = arena.take(rows, c.width());
            for (int i = 0; i < c.layers(); i++) {
                if (i > 0 && encoding == TextEncoding.FROZEN) {
                    blocks.add(blocks.get(0));
                    continue;
                }
                Tensor qkv = arena.take(rows, 3 * c.innerWidth());
                blocks.add(new BlockActivations(
                        Normed.take(arena, rows, c.width()),
                        qkv,
                        DecoderActivations.thirds(qkv, bias),
                        arena.take(attention.weightRows(), s),
                        arena.take(rows, c.innerWidth()),
                        Normed.take(arena, rows, c.width()),
                        arena.take(rows, c.feedForward()),
                        arena.take(rows, c.feedForward())));
            }
            states = Normed.take(arena, rows, c.width());
            dx = arena.take(rows, c.width());
            dy = arena.take(rows, c.width());
            dqkv = arena.take(rows, 3 * c.innerWidth());
            dparts = DecoderActivations.thirds(dqkv);
            dattended = arena.take(rows, c.innerWidth());
            dhidden = arena.take(rows, c.feedForward());
            dscores = arena.take(attention.weightRows(), s);
            dbias = arena.take(c.heads() * s, s);
            buckets = arena.take(c.buckets(), s * s);
        }

        /** True if the blocks have overwritten each other. */
        boolean isForwardOnly() {
            return encoding == TextEncoding.FROZEN;
        }
    }

    /** T5's buckets of relative positions, for a bidirectional encoder (Raffel et al. 2020, section 2.1). */
    static final class RelativePositions {
        private RelativePositions() {}

        /**
         * The bucket of a key seen from a query: half of the buckets for each direction; in each, the first half has one bucket per distance, the second half is logarithmic up to the maximal distance.
         *
         * @param distance key position minus query position
         */
        static int bucket(int distance, TextEncoderConfig config) {
            int half = config.buckets() / 2;
            int exact = half / 2;
            int offset = distance > 0 ? half : 0;
            int magnitude = Math.abs(distance);
            if (magnitude < exact) {
                return offset + magnitude;
            }
            // In 32 bits like the reference, because rounding matters at the edges of buckets.
            float position = (float) Math.log((float) magnitude / exact)
                    / (float) Math.log((double) config.maxDistance() / exact)
                    * (half - exact);
            return offset + Math.min(exact + (int) position, half - 1);
        }

        /** One-hot rows: element {@code [bucket, i * s + j]} is 1 for the bucket of key j seen from query i. */
        static float[] oneHot(int s, TextEncoderConfig config) {
            float[] rows = new float[config.buckets() * s * s];
            for (int i = 0; i < s; i++) {
                for (int j = 0; j < s; j++) {
                    rows[bucket(j - i, config) * s * s + i * s + j] = 1.0f;
                }
            }
            return rows;
        }
    }
}
