package org.encore.trainer.finetuning;

import org.encore.model.decoding.CodeBatcher;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.MusicTransformer;

/** Log-probabilities of every code after every step, from a model's plain logits. */
final class NaiveRows {
    private final double[][][] logProbs;

    private NaiveRows(double[][][] logProbs) {
        this.logProbs = logProbs;
    }

    /** With guidance, from two passes: one with the text, one without. */
    static NaiveRows of(
            MusicTransformer model,
            Workspaces workspaces,
            CodeBatcher.MicroBatch microBatch,
            double temperature,
            double guidanceScale) {
        ModelBatch with = microBatch.batch().inputs();
        double[][] logits = logits(model, workspaces, with);
        double[][] without = logits(
                model,
                workspaces,
                new ModelBatch(with.shape(), with.textIds(), new float[with.textValidity().length], with.inputs()));
        int codebooks = microBatch.batch().targets().length;
        double[][][] logProbs = new double[codebooks][][];
        for (int k = 0; k < codebooks; k++) {
            int rows = with.shape().rows();
            int columns = logits[k].length / rows;
            double[] flat = new double[logits[k].length];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = without[k][i] + guidanceScale * (logits[k][i] - without[k][i]);
            }
            logProbs[k] = new double[rows][columns];
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int v = 0; v < columns; v++) {
                    sum += Math.exp(flat[row * columns + v] / temperature);
                }
                for (int v = 0; v < columns; v++) {
                    logProbs[k][row][v] = flat[row * columns + v] / temperature - Math.log(sum);
                }
            }
        }
        return new NaiveRows(logProbs);
    }

    private static double[][] logits(MusicTransformer model, Workspaces workspaces, ModelBatch in) {
        model.forward(workspaces.of(0), in);
        return model.logits(workspaces.of(0), in).stream()
                .map(model.kernels()::readDoubles)
                .toArray(double[][]::new);
    }

    double logProb(int codebook, int row, int code) {
        return logProbs[codebook][row][code];
    }

    double entropy(int codebook, int row) {
        double sum = 0;
        for (double logProb : logProbs[codebook][row]) {
            sum -= Math.exp(logProb) * logProb;
        }
        return sum;
    }

    double klFrom(NaiveRows reference, int codebook, int row) {
        double sum = 0;
        for (int v = 0; v < logProbs[codebook][row].length; v++) {
            double logProb = logProbs[codebook][row][v];
            sum += Math.exp(logProb) * (logProb - reference.logProbs[codebook][row][v]);
        }
        return sum;
    }
}
