package org.encore.model.parity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.DecoderTap;
import org.encore.model.transformer.DecoderTap.HeadShift;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.Parameters;
import org.encore.model.weights.SafetensorsFile;

/** One pass over the golden inputs: everything is read out at once, because the gradient destroys activations. */
final class GoldenPass {
    /** Which policy a pass runs, and the gradient of which loss it computes. */
    enum Kind {
        /** Without guidance: the policy gradient. */
        PLAIN,
        /** With guidance: the policy gradient. */
        GUIDED,
        /** With guidance: the mean KL to the reference of the golden file. */
        GUIDED_KL,
        /** With the golden file's vector added to one head; no gradient. */
        STEERED
    }

    private final Kernels kernels;
    private final int codebooks;
    private final int vocabulary;
    private final int batch;
    private final int steps;
    private final List<float[]> hidden = new ArrayList<>();
    private final List<float[]> heads = new ArrayList<>();
    private final float[] textStates;
    private final float[] projectedText;
    private final float[] logits;
    private final float[] logProbs;
    private final float[] kls;
    private final Map<String, float[]> gradients = new LinkedHashMap<>();

    GoldenPass(MusicTransformer model, SafetensorsFile golden, Kind kind) throws IOException {
        this.kernels = model.kernels();
        this.codebooks = model.config().decoder().codebooks();
        this.vocabulary = model.config().decoder().vocabulary();
        TextBatch prompts = prompts(golden);
        batch = prompts.batch();
        steps = golden.entry("dec_in").shape().get(1);
        BatchShape shape = new BatchShape(batch, steps, prompts.tokens());
        ModelBatch plain =
                new ModelBatch(shape, prompts.ids(), prompts.validity(), byCodebook(golden.integers("dec_in"), steps));
        boolean guided = kind == Kind.GUIDED || kind == Kind.GUIDED_KL;
        ModelBatch in = guided ? plain.guided(golden.floats("guidance_scale")[0]) : plain;
        BatchShape capacity = guided ? shape.twice() : shape;
        Activations activations = new Activations(kernels, model.config(), capacity);
        model.forward(activations, in, state -> hidden.add(kernels.readFloats(state)), tap(golden, kind));
        textStates = kernels.readFloats(model.textStates(activations, capacity));
        projectedText = kernels.readFloats(model.projectedText(activations, capacity));
        List<Tensor> rows = model.logits(activations, in);
        logits = new float[batch * codebooks * steps * vocabulary];
        for (int k = 0; k < codebooks; k++) {
            scatter(kernels.readFloats(rows.get(k)), k, steps * vocabulary, logits);
        }
        logProbs = new float[batch * codebooks * (steps - 1)];
        kls = new float[logProbs.length];
        if (kind == Kind.STEERED) {
            return;
        }
        lossGradient(rows, golden, kind);
        Parameters gradient = model.zerosLike();
        model.backward(activations, in, gradient);
        for (ParameterLayout.Entry e : gradient.layout().entries()) {
            gradients.put(e.name(), kernels.readFloats(gradient.get(e.name())));
        }
    }

    /** Keeps the heads of every layer, or steers one. */
    private DecoderTap tap(SafetensorsFile golden, Kind kind) throws IOException {
        if (kind == Kind.STEERED) {
            return new HeadShift(
                    kernels,
                    golden.integers("steer_layer")[0],
                    golden.integers("steer_head")[0],
                    golden.integers("steer_from")[0],
                    golden.floats("steer_vector"));
        }
        return new DecoderTap() {
            @Override
            public void heads(int layer, Rows rows, Tensor attended) {
                heads.add(kernels.readFloats(attended));
            }
        };
    }

    /** Reads each code's log-probability and KL, and overwrites the logits with the gradient of the loss. */
    private void lossGradient(List<Tensor> rows, SafetensorsFile golden, Kind kind) throws IOException {
        int[] codes = golden.integers("codes");
        float[] reference = kind == Kind.GUIDED_KL ? golden.floats("reference_guided_logits") : null;
        for (int k = 0; k < codebooks; k++) {
            int[] targets = new int[batch * steps];
            RowCoefficients by = new RowCoefficients(targets.length);
            for (int b = 0; b < batch; b++) {
                int row = b * codebooks + k;
                targets[b * steps + steps - 1] = DelayPattern.NO_TARGET;
                for (int t = 0; t < steps - 1; t++) {
                    targets[b * steps + t] = codes[row * (steps - 1) + t];
                    if (kind == Kind.GUIDED_KL) {
                        by.byKl()[b * steps + t] = 1.0 / logProbs.length;
                    } else {
                        by.byLogProb()[b * steps + t] = -advantage(row) / logProbs.length;
                    }
                }
            }
            RowStatistics statistics = new RowStatistics(targets.length);
            Tensor other = reference == null ? null : referenceRows(reference, k, targets);
            kernels.policyRows(rows.get(k), 1.0, targets, other, statistics);
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < steps - 1; t++) {
                    int place = (b * codebooks + k) * (steps - 1) + t;
                    logProbs[place] = (float) statistics.logProbs()[b * steps + t];
                    kls[place] = (float) statistics.kls()[b * steps + t];
                }
            }
            kernels.policyRowsGradient(rows.get(k), 1.0, targets, other, statistics, by);
        }
    }

    /** One codebook's log-probabilities of the reference. */
    private Tensor referenceRows(float[] all, int codebook, int[] targets) {
        float[] own = new float[batch * steps * vocabulary];
        int length = steps * vocabulary;
        for (int b = 0; b < batch; b++) {
            System.arraycopy(all, (b * codebooks + codebook) * length, own, b * length, length);
        }
        Tensor rows = kernels.allocate(batch * steps, vocabulary);
        kernels.write(rows, own);
        kernels.policyRows(rows, 1.0, targets, null, new RowStatistics(targets.length));
        return rows;
    }

    /**
     * The loss of the reference in supervised training: the mean over codebooks of the mean cross-entropy over their labels.
     * Labels are not delayed; the start token shifts them, and counts nothing where it stands for a label.
     */
    static double supervisedLoss(MusicTransformer model, SafetensorsFile golden) throws IOException {
        int[] labels = golden.integers("labels");
        List<Integer> size = golden.entry("labels").shape();
        int length = size.get(1);
        int codebooks = size.get(2);
        TextBatch prompts = prompts(golden);
        BatchShape shape = new BatchShape(size.get(0), length, prompts.tokens());
        int start = model.config().decoder().startToken();
        int[][] inputs = new int[codebooks][shape.rows()];
        int[][] targets = new int[codebooks][shape.rows()];
        for (int i = 0; i < labels.length; i++) {
            int k = i % codebooks;
            int row = i / codebooks;
            targets[k][row] = labels[i] == start ? DelayPattern.NO_TARGET : labels[i];
            inputs[k][row] = row % length == 0 ? start : labels[i - codebooks];
        }
        Activations activations = new Activations(model.kernels(), model.config(), shape);
        ModelBatch in = new ModelBatch(shape, prompts.ids(), prompts.validity(), inputs);
        model.forward(activations, in);
        double loss = 0;
        for (int k = 0; k < codebooks; k++) {
            RowStatistics statistics = new RowStatistics(shape.rows());
            model.kernels().policyRows(model.logits(activations, in).get(k), 1.0, targets[k], null, statistics);
            loss -= Arrays.stream(statistics.logProbs())
                            .filter(value -> !Double.isNaN(value))
                            .average()
                            .orElseThrow()
                    / codebooks;
        }
        return loss;
    }

    /** From -1 in the first row to 1 in the last. */
    private double advantage(int row) {
        int rows = batch * codebooks;
        return rows == 1 ? -1.0 : -1.0 + 2.0 * row / (rows - 1);
    }

    double policyGradientLoss() {
        double sum = 0;
        for (int i = 0; i < logProbs.length; i++) {
            sum += advantage(i / (steps - 1)) * logProbs[i];
        }
        return -sum / logProbs.length;
    }

    /** {@code [R * T]} by sequence and codebook to {@code [K][B * T]}. */
    private int[][] byCodebook(int[] rows, int length) {
        int[][] result = new int[codebooks][batch * length];
        for (int row = 0; row < batch * codebooks; row++) {
            System.arraycopy(rows, row * length, result[row % codebooks], row / codebooks * length, length);
        }
        return result;
    }

    /** One codebook's rows {@code [B, length]} into their places among all. */
    private void scatter(float[] source, int codebook, int length, float[] target) {
        for (int b = 0; b < batch; b++) {
            System.arraycopy(source, b * length, target, (b * codebooks + codebook) * length, length);
        }
    }

    /** The golden prompts. */
    static TextBatch prompts(SafetensorsFile golden) throws IOException {
        List<Integer> shape = golden.entry("ids").shape();
        return new TextBatch(shape.get(0), shape.get(1), golden.integers("ids"), golden.floats("am"));
    }

    /** States of the long text. */
    static float[] longText(MusicTransformer model, SafetensorsFile golden) throws IOException {
        List<Integer> size = golden.entry("t5_long_ids").shape();
        BatchShape shape = new BatchShape(size.get(0), 1, size.get(1));
        float[] validity = new float[shape.textRows()];
        Arrays.fill(validity, 1.0f);
        int[][] inputs = new int[model.config().decoder().codebooks()][shape.rows()];
        Activations activations = new Activations(model.kernels(), model.config(), shape);
        model.forward(activations, new ModelBatch(shape, golden.integers("t5_long_ids"), validity, inputs));
        return model.kernels().readFloats(model.textStates(activations, shape));
    }

    float[] textStates() {
        return textStates;
    }

    float[] projectedText() {
        return projectedText;
    }

    float[] hidden(int index) {
        return hidden.get(index);
    }

    /** Outputs of the self-attention heads of a layer, side by side. */
    float[] heads(int layer) {
        return heads.get(layer);
    }

    float[] logits() {
        return logits;
    }

    float[] logProbs() {
        return logProbs;
    }

    float[] kls() {
        return kls;
    }

    Map<String, float[]> gradients() {
        return gradients;
    }
}
