package org.encore.rewards.adherence;

import org.encore.rewards.networks.Matrix;

/**
 * Contrastive loss of clips and captions: cross entropy of finding the own caption of each clip, and the own clip of
 * each caption, with {@code logit = exp(logScale) cos}.
 *
 * <p>Row {@code i} of the captions belongs to clip {@code i}; further rows are negatives for clips only. Captions that
 * happen to be true of another clip are no negatives of it and are left out by {@code competes}.
 *
 * @paper van den Oord et al. 2018, <a href="https://arxiv.org/abs/1807.03748">arXiv 1807.03748</a>; symmetric with a
 *     learned scale as in Radford et al. 2021, <a href="https://arxiv.org/abs/2103.00020">arXiv 2103.00020</a>
 */
final class ContrastiveLoss {
    /** Upper limit of the learned scale. */
    static final double LARGEST_SCALE = 100.0;

    private final int clips;
    private final int captions;
    private final int width;
    private final double scale;
    private final double[][] audio;
    private final double[][] text;
    private final double[] audioNorms;
    private final double[] textNorms;
    private final double[][] cosines;
    private final double[][] byCosine;
    private double loss;

    /**
     * Computes loss and gradients.
     *
     * @param audio embeddings of clips, not normalised
     * @param text embeddings of captions, at least as many, not normalised
     * @param competes whether caption {@code j} is wrong for clip {@code i}
     * @param logScale logarithm of the factor of the cosines
     * @shape audio {@code [clips, width]}; text {@code [captions, width]}; competes {@code [clips][captions]}
     */
    ContrastiveLoss(Matrix audio, Matrix text, boolean[][] competes, double logScale) {
        this.clips = audio.rows();
        this.captions = text.rows();
        this.width = audio.columns();
        this.scale = Math.exp(logScale);
        this.audioNorms = new double[clips];
        this.textNorms = new double[captions];
        this.audio = unit(audio, audioNorms);
        this.text = unit(text, textNorms);
        this.cosines = cosines();
        this.byCosine = new double[clips][captions];
        for (int i = 0; i < clips; i++) {
            double[] logits = new double[captions];
            for (int j = 0; j < captions; j++) {
                logits[j] = j == i || competes[i][j] ? scale * cosines[i][j] : Double.NEGATIVE_INFINITY;
            }
            double[] share = softmax(logits, i);
            for (int j = 0; j < captions; j++) {
                byCosine[i][j] += share[j];
            }
        }
        for (int j = 0; j < clips; j++) {
            double[] logits = new double[clips];
            for (int i = 0; i < clips; i++) {
                logits[i] = j == i || competes[i][j] ? scale * cosines[i][j] : Double.NEGATIVE_INFINITY;
            }
            double[] share = softmax(logits, j);
            for (int i = 0; i < clips; i++) {
                byCosine[i][j] += share[i];
            }
        }
    }

    private static double[][] unit(Matrix matrix, double[] norms) {
        double[][] unit = new double[matrix.rows()][matrix.columns()];
        for (int row = 0; row < matrix.rows(); row++) {
            double squares = 1e-12;
            for (int k = 0; k < matrix.columns(); k++) {
                squares += (double) matrix.at(row, k) * matrix.at(row, k);
            }
            norms[row] = Math.sqrt(squares);
            for (int k = 0; k < matrix.columns(); k++) {
                unit[row][k] = matrix.at(row, k) / norms[row];
            }
        }
        return unit;
    }

    private double[][] cosines() {
        double[][] transposed = new double[width][captions];
        for (int j = 0; j < captions; j++) {
            for (int k = 0; k < width; k++) {
                transposed[k][j] = text[j][k];
            }
        }
        double[][] all = new double[clips][captions];
        for (int i = 0; i < clips; i++) {
            for (int k = 0; k < width; k++) {
                add(audio[i][k], transposed[k], all[i]);
            }
        }
        return all;
    }

    private static void add(double factor, double[] row, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * row[i];
        }
    }

    /** Adds a cross entropy to the loss; returns its gradient with respect to the logits. */
    private double[] softmax(double[] logits, int right) {
        double weight = 0.5 / clips;
        double most = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0.0;
        double[] share = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            share[i] = Math.exp(logits[i] - most);
            sum += share[i];
        }
        for (int i = 0; i < logits.length; i++) {
            share[i] *= weight / sum;
        }
        loss += weight * (most + Math.log(sum) - logits[right]);
        share[right] -= weight;
        return share;
    }

    /** The loss: the mean of both directions, in nats. */
    double loss() {
        return loss;
    }

    /** Gradient with respect to {@code logScale}. */
    double byLogScale() {
        double sum = 0.0;
        for (int i = 0; i < clips; i++) {
            for (int j = 0; j < captions; j++) {
                sum += byCosine[i][j] * cosines[i][j] * scale;
            }
        }
        return sum;
    }

    /** Gradient with respect to the embeddings of clips, in their shape. */
    Matrix byAudio() {
        double[][] gradient = new double[clips][width];
        for (int i = 0; i < clips; i++) {
            for (int j = 0; j < captions; j++) {
                add(scale * byCosine[i][j], text[j], gradient[i]);
            }
        }
        return throughNorm(gradient, audio, audioNorms);
    }

    /** Gradient with respect to the embeddings of captions, in their shape. */
    Matrix byText() {
        double[][] gradient = new double[captions][width];
        for (int i = 0; i < clips; i++) {
            for (int j = 0; j < captions; j++) {
                add(scale * byCosine[i][j], audio[i], gradient[j]);
            }
        }
        return throughNorm(gradient, text, textNorms);
    }

    /** Backward pass of the normalisation to unit length: the component orthogonal to the vector, over its norm. */
    private Matrix throughNorm(double[][] gradient, double[][] unit, double[] norms) {
        Matrix result = Matrix.zeros(gradient.length, width);
        for (int row = 0; row < gradient.length; row++) {
            double along = 0.0;
            for (int k = 0; k < width; k++) {
                along += gradient[row][k] * unit[row][k];
            }
            for (int k = 0; k < width; k++) {
                result.values()[row * width + k] = (float) ((gradient[row][k] - along * unit[row][k]) / norms[row]);
            }
        }
        return result;
    }
}
