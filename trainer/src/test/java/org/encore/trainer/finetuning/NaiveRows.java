package org.encore.trainer.finetuning;

import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.MusicTransformer;

/** Log-probabilities of every code after every step, from a model's plain logits. */
final class NaiveRows {
    private final double[][][] logProbs;

    private NaiveRows(double[][][] logProbs) {
        this.logProbs = logProbs;
    }

    static NaiveRows of(
            MusicTransformer model, Workspaces workspaces, CodeBatcher.MicroBatch microBatch, double temperature) {
        model.forward(workspaces.of(0), microBatch.batch().inputs());
        int codebooks = microBatch.batch().targets().length;
        double[][][] logProbs = new double[codebooks][][];
        for (int k = 0; k < codebooks; k++) {
            Tensor logits =
                    model.logits(workspaces.of(0), microBatch.batch().inputs()).get(k);
            double[] flat = model.kernels().readDoubles(logits);
            logProbs[k] = new double[logits.rows()][logits.columns()];
            for (int row = 0; row < logits.rows(); row++) {
                double sum = 0;
                for (int v = 0; v < logits.columns(); v++) {
                    sum += Math.exp(flat[row * logits.columns() + v] / temperature);
                }
                for (int v = 0; v < logits.columns(); v++) {
                    logProbs[k][row][v] = flat[row * logits.columns() + v] / temperature - Math.log(sum);
                }
            }
        }
        return new NaiveRows(logProbs);
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
