package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.ModelConfig.Head;

/**
 * Passes of a model over examples with a loss of all kinds of terms: log-probabilities, entropies and divergences of codes; a quadratic function of scalars.
 */
final class Trial {
    static final double INVERSE_TEMPERATURE = 0.8;

    private final MusicTransformer model;
    private final Kernels kernels;
    private final List<Example> examples;
    private final int steps;
    private final ModelBatch batch;
    private final Activations activations;
    private final List<Tensor> reference;

    /** A trial padded to a size, in given buffers, with the log-probabilities of a reference model or none. */
    Trial(
            MusicTransformer model,
            List<Example> examples,
            ModelBatch batch,
            Activations activations,
            List<Tensor> reference) {
        this.model = model;
        this.kernels = model.kernels();
        this.examples = examples;
        this.steps = batch.shape().steps();
        this.batch = batch;
        this.activations = activations;
        this.reference = reference;
    }

    /** A trial without reference, in buffers of its own. */
    static Trial of(MusicTransformer model, List<Example> examples, int steps, int textTokens) {
        ModelBatch batch = Example.batch(examples, steps, textTokens);
        return new Trial(
                model, examples, batch, new Activations(model.kernels(), model.config(), batch.shape()), List.of());
    }

    /** Log-probabilities of every codebook, in their own memory. */
    static List<Tensor> logProbs(MusicTransformer model, ModelBatch batch) {
        Kernels kernels = model.kernels();
        Activations activations = new Activations(
                kernels, model.config(), batch.isGuided() ? batch.shape().twice() : batch.shape());
        model.forward(activations, batch);
        List<Tensor> result = new ArrayList<>();
        int[] targets = new int[batch.shape().rows()];
        for (Tensor logits : model.logits(activations, batch)) {
            kernels.policyRows(logits, INVERSE_TEMPERATURE, targets, null, new RowStatistics(targets.length));
            Tensor copy = kernels.allocate(logits.rows(), logits.columns());
            kernels.copy(logits, copy);
            result.add(copy);
        }
        return result;
    }

    /** Logits of all codebooks, or scalars, after a forward pass. */
    double[] outputs() {
        model.forward(activations, batch);
        if (model.config().head() == Head.SCALAR) {
            return kernels.readDoubles(model.scalars(activations, batch.shape()));
        }
        return model.logits(activations, batch).stream()
                .flatMapToDouble(rows -> Arrays.stream(kernels.readDoubles(rows)))
                .toArray();
    }

    double loss() {
        model.forward(activations, batch);
        return pass(null);
    }

    /** Adds to the gradient of all parameters. */
    void addGradient(Parameters gradient) {
        model.forward(activations, batch);
        pass(gradient);
        model.backward(activations, batch, gradient);
    }

    /** Adds to the gradient of all parameters but the text encoder's. */
    void addGradientWithoutText(Parameters gradient) {
        model.forward(activations, batch);
        pass(gradient);
        model.backwardWithoutText(activations, batch, gradient);
    }

    double[] gradient() {
        Parameters gradient = model.zerosLike();
        if (model.lora().isPresent()) {
            addGradientWithoutText(gradient);
        } else {
            addGradient(gradient);
        }
        return kernels.readDoubles(gradient.flat());
    }

    /** The loss; unless the gradient is null, overwrites the outputs with their derivatives. */
    private double pass(Parameters gradient) {
        return model.config().head() == Head.SCALAR ? scalarPass(gradient) : codesPass(gradient);
    }

    private double scalarPass(Parameters gradient) {
        Tensor tensor = model.scalars(activations, batch.shape());
        double[] scalars = kernels.readDoubles(tensor);
        double[] linear = Example.coefficients(examples, 3, 0, steps);
        double[] quadratic = Example.coefficients(examples, 4, 0, steps);
        double loss = 0;
        double[] slopes = new double[scalars.length];
        for (int i = 0; i < scalars.length; i++) {
            loss += linear[i] * scalars[i] + 0.5 * quadratic[i] * scalars[i] * scalars[i];
            slopes[i] = linear[i] + quadratic[i] * scalars[i];
        }
        if (gradient != null) {
            kernels.write(tensor, slopes);
        }
        return loss;
    }

    private double codesPass(Parameters gradient) {
        double loss = 0;
        List<Tensor> logits = model.logits(activations, batch);
        for (int k = 0; k < logits.size(); k++) {
            int[] targets = Example.targets(examples, k, steps);
            RowStatistics statistics = new RowStatistics(targets.length);
            Tensor other = reference.isEmpty() ? null : reference.get(k);
            kernels.policyRows(logits.get(k), INVERSE_TEMPERATURE, targets, other, statistics);
            RowCoefficients by = new RowCoefficients(targets.length);
            fill(by.byLogProb(), 0, k);
            fill(by.byEntropy(), 1, k);
            fill(by.byKl(), 2, k);
            for (int i = 0; i < targets.length; i++) {
                if (targets[i] >= 0) {
                    loss += by.byLogProb()[i] * statistics.logProbs()[i];
                    loss += by.byEntropy()[i] * statistics.entropies()[i];
                    loss += other == null ? 0.0 : by.byKl()[i] * statistics.kls()[i];
                }
            }
            if (gradient != null) {
                kernels.policyRowsGradient(logits.get(k), INVERSE_TEMPERATURE, targets, other, statistics, by);
            }
        }
        return loss;
    }

    private void fill(double[] target, int kind, int codebook) {
        System.arraycopy(Example.coefficients(examples, kind, codebook, steps), 0, target, 0, target.length);
    }
}
