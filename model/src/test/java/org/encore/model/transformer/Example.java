package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.transformer.ModelBatch.BatchShape;

/** One sequence with its text and the loss weights of its steps. */
final class Example {
    private static final int NO_TARGET = -1;

    final int[] text;
    final int[][] inputs;
    final int[][] targets;
    /** By log-probability, entropy, divergence, and the scalar and its square; {@code [5][K][T]}. */
    final double[][][] coefficients;

    private Example(int[] text, int[][] inputs, int[][] targets, double[][][] coefficients) {
        this.text = text;
        this.inputs = inputs;
        this.targets = targets;
        this.coefficients = coefficients;
    }

    /** A sequence of random codes; about one step in four has no target. */
    static Example random(long seed, int codebooks, int steps, int textTokens) {
        RandomGenerator random = new RandomStreams(seed).stream(RandomStreams.Purpose.NOISE);
        int[] text = random.ints(textTokens, 0, TinyModels.TEXT_VOCABULARY).toArray();
        int[][] inputs = new int[codebooks][];
        int[][] targets = new int[codebooks][];
        double[][][] coefficients = new double[5][codebooks][];
        for (int k = 0; k < codebooks; k++) {
            inputs[k] = random.ints(steps, 0, TinyModels.VOCABULARY + 1).toArray();
            targets[k] = random.ints(steps, 0, TinyModels.VOCABULARY).toArray();
            for (int t = 0; t < steps; t++) {
                targets[k][t] = random.nextInt(4) == 0 ? NO_TARGET : targets[k][t];
            }
            for (double[][] coefficient : coefficients) {
                coefficient[k] = random.doubles(steps).map(u -> 2.0 * u - 1.0).toArray();
            }
        }
        return new Example(text, inputs, targets, coefficients);
    }

    static List<Example> several(int count, int codebooks, int steps, int textTokens) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(random(i + 1, codebooks, steps, textTokens));
        }
        return examples;
    }

    /** The same sequence with other text. */
    Example withText(int... ids) {
        return new Example(ids, inputs, targets, coefficients);
    }

    /** All examples in one pass, padded with ids that must not matter. */
    static ModelBatch batch(List<Example> examples, int steps, int textTokens) {
        BatchShape shape = new BatchShape(examples.size(), steps, textTokens);
        int[] textIds = new int[shape.textRows()];
        float[] validity = new float[shape.textRows()];
        int[][] inputs = new int[examples.get(0).inputs.length][shape.rows()];
        Arrays.fill(textIds, 3);
        for (int[] row : inputs) {
            Arrays.fill(row, 2);
        }
        for (int b = 0; b < examples.size(); b++) {
            Example e = examples.get(b);
            System.arraycopy(e.text, 0, textIds, b * textTokens, e.text.length);
            Arrays.fill(validity, b * textTokens, b * textTokens + e.text.length, 1.0f);
            for (int k = 0; k < inputs.length; k++) {
                System.arraycopy(e.inputs[k], 0, inputs[k], b * steps, e.inputs[k].length);
            }
        }
        return new ModelBatch(shape, textIds, validity, inputs);
    }

    /** Targets of a codebook, padded with steps that have none. */
    static int[] targets(List<Example> examples, int codebook, int steps) {
        int[] targets = new int[examples.size() * steps];
        Arrays.fill(targets, NO_TARGET);
        for (int b = 0; b < examples.size(); b++) {
            int[] own = examples.get(b).targets[codebook];
            System.arraycopy(own, 0, targets, b * steps, own.length);
        }
        return targets;
    }

    /** One kind of coefficients of a codebook, padded with zeros. */
    static double[] coefficients(List<Example> examples, int kind, int codebook, int steps) {
        double[] result = new double[examples.size() * steps];
        for (int b = 0; b < examples.size(); b++) {
            double[] own = examples.get(b).coefficients[kind][codebook];
            System.arraycopy(own, 0, result, b * steps, own.length);
        }
        return result;
    }
}
