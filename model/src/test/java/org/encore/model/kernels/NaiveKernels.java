package org.encore.model.kernels;

import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Kernels.AttentionShape;

/** The operations as plain loops: the slow, simple reference of the kernels. */
final class NaiveKernels {
    /** Of the numeric gradient: its error is about {@code STEP}⁴ / 30 times the fifth derivative. */
    private static final double STEP = 2e-3;

    private NaiveKernels() {}

    /** Which keys a query sees. */
    interface Visibility {
        boolean sees(int sequence, int query, int key);
    }

    /** {@code x wᵀ}. */
    static Matrix linear(Matrix x, Matrix w) {
        Matrix y = Matrix.zeros(x.rows, w.rows);
        for (int i = 0; i < x.rows; i++) {
            for (int o = 0; o < w.rows; o++) {
                double sum = 0;
                for (int j = 0; j < x.columns; j++) {
                    sum += x.at(i, j) * w.at(o, j);
                }
                y.set(i, o, sum);
            }
        }
        return y;
    }

    static Matrix layerNorm(Matrix x, Matrix gain, Matrix bias, double epsilon) {
        Matrix y = Matrix.zeros(x.rows, x.columns);
        for (int i = 0; i < x.rows; i++) {
            double mean = 0;
            for (int j = 0; j < x.columns; j++) {
                mean += x.at(i, j) / x.columns;
            }
            double variance = 0;
            for (int j = 0; j < x.columns; j++) {
                variance += Math.pow(x.at(i, j) - mean, 2) / x.columns;
            }
            for (int j = 0; j < x.columns; j++) {
                double normalised = (x.at(i, j) - mean) / Math.sqrt(variance + epsilon);
                y.set(i, j, normalised * gain.at(0, j) + bias.at(0, j));
            }
        }
        return y;
    }

    static Matrix rmsNorm(Matrix x, Matrix gain, double epsilon) {
        Matrix y = Matrix.zeros(x.rows, x.columns);
        for (int i = 0; i < x.rows; i++) {
            double square = 0;
            for (int j = 0; j < x.columns; j++) {
                square += x.at(i, j) * x.at(i, j) / x.columns;
            }
            for (int j = 0; j < x.columns; j++) {
                y.set(i, j, x.at(i, j) / Math.sqrt(square + epsilon) * gain.at(0, j));
            }
        }
        return y;
    }

    static Matrix activation(Activation kind, Matrix x) {
        DoubleUnaryOperator f =
                switch (kind) {
                    case GELU -> v -> v * 0.5 * (1.0 + erf(v / Math.sqrt(2.0)));
                    case GELU_TANH ->
                        v -> 0.5 * v * (1.0 + Math.tanh(Math.sqrt(2.0 / Math.PI) * (v + 0.044715 * v * v * v)));
                    case RELU -> v -> Math.max(v, 0.0);
                    case ELU -> v -> v > 0 ? v : Math.expm1(v);
                };
        return x.with(x, (a, b) -> f.applyAsDouble(a));
    }

    /** The error function by its series of positive terms: {@code 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!}. */
    static double erf(double x) {
        if (Math.abs(x) > 6.0) {
            return Math.signum(x);
        }
        double term = x;
        double sum = 0;
        for (int n = 0; n < 200; n++) {
            sum += term;
            term *= 2.0 * x * x / (2 * n + 3);
        }
        return 2.0 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** Attention of every head; {@code bias} may be null. If every key is masked, attention is uniform. */
    static Matrix attention(AttentionShape s, Matrix q, Matrix k, Matrix v, Matrix bias, Visibility visibility) {
        Matrix out = Matrix.zeros(s.batch() * s.queries(), s.heads() * s.headWidth());
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                for (int i = 0; i < s.queries(); i++) {
                    double[] p = attentionRow(s, q, k, bias, visibility, new int[] {b, h, i});
                    for (int w = h * s.headWidth(); w < (h + 1) * s.headWidth(); w++) {
                        double sum = 0;
                        for (int j = 0; j < s.keys(); j++) {
                            sum += p[j] * v.at(b * s.keys() + j, w);
                        }
                        out.set(b * s.queries() + i, w, sum);
                    }
                }
            }
        }
        return out;
    }

    private static double[] attentionRow(
            AttentionShape s, Matrix q, Matrix k, Matrix bias, Visibility visibility, int[] place) {
        int b = place[0];
        int h = place[1];
        int i = place[2];
        double[] scores = new double[s.keys()];
        int seen = 0;
        for (int j = 0; j < s.keys(); j++) {
            double dot = 0;
            for (int w = h * s.headWidth(); w < (h + 1) * s.headWidth(); w++) {
                dot += q.at(b * s.queries() + i, w) * k.at(b * s.keys() + j, w);
            }
            scores[j] = dot * s.scale() + (bias == null ? 0.0 : bias.at(h * s.queries() + i, j));
            if (visibility.sees(b, i, j)) {
                seen++;
            } else {
                scores[j] = Double.NEGATIVE_INFINITY;
            }
        }
        return seen == 0 ? Matrix.filled(1, s.keys(), 1.0 / s.keys()).values : softmax(scores);
    }

    /** Rows by their numbers; zeros for {@link Kernels#NO_ROW}. */
    static Matrix gatherRows(int[] rows, Matrix x) {
        Matrix y = Matrix.zeros(rows.length, x.columns);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < x.columns; j++) {
                y.set(i, j, rows[i] < 0 ? 0.0 : x.at(rows[i], j));
            }
        }
        return y;
    }

    /** One LSTM step: the new cell beside the new hidden state, {@code [N, 2H]}. */
    static Matrix lstmCell(Matrix gates, Matrix before) {
        int width = before.columns;
        Matrix y = Matrix.zeros(before.rows, 2 * width);
        for (int i = 0; i < before.rows; i++) {
            for (int j = 0; j < width; j++) {
                double input = 1 / (1 + Math.exp(-gates.at(i, j)));
                double forget = 1 / (1 + Math.exp(-gates.at(i, width + j)));
                double output = 1 / (1 + Math.exp(-gates.at(i, 3 * width + j)));
                double cell = forget * before.at(i, j) + input * Math.tanh(gates.at(i, 2 * width + j));
                y.set(i, j, cell);
                y.set(i, width + j, output * Math.tanh(cell));
            }
        }
        return y;
    }

    static double[] softmax(double[] x) {
        double[] logs = logSoftmax(x);
        for (int j = 0; j < logs.length; j++) {
            logs[j] = Math.exp(logs[j]);
        }
        return logs;
    }

    static double[] logSoftmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (double value : x) {
            sum += Math.exp(value - max);
        }
        double[] y = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            y[j] = x[j] - max - Math.log(sum);
        }
        return y;
    }

    /** Log-probabilities of every row of {@code logits * inverseTemperature}. */
    static Matrix logSoftmax(Matrix logits, double inverseTemperature) {
        Matrix y = Matrix.zeros(logits.rows, logits.columns);
        for (int i = 0; i < logits.rows; i++) {
            double[] row = new double[logits.columns];
            for (int j = 0; j < row.length; j++) {
                row[j] = logits.at(i, j) * inverseTemperature;
            }
            System.arraycopy(logSoftmax(row), 0, y.values, i * row.length, row.length);
        }
        return y;
    }

    /** Entropy of a row of log-probabilities. */
    static double entropy(Matrix logProbs, int row) {
        double sum = 0;
        for (int j = 0; j < logProbs.columns; j++) {
            sum -= Math.exp(logProbs.at(row, j)) * logProbs.at(row, j);
        }
        return sum;
    }

    /** Divergence of a row from a reference row. */
    static double kl(Matrix logProbs, Matrix reference, int row) {
        double sum = 0;
        for (int j = 0; j < logProbs.columns; j++) {
            sum += Math.exp(logProbs.at(row, j)) * (logProbs.at(row, j) - reference.at(row, j));
        }
        return sum;
    }

    /** One update of AdamW on arrays: parameters, gradient, first and second moment. */
    static void adamW(AdamWStep step, double[] w, double[] gradient, double[] m, double[] v) {
        for (int i = 0; i < w.length; i++) {
            double g = gradient[i] * step.gradientScale();
            m[i] = step.beta1() * m[i] + (1.0 - step.beta1()) * g;
            v[i] = step.beta2() * v[i] + (1.0 - step.beta2()) * g * g;
            double mHat = m[i] / (1.0 - Math.pow(step.beta1(), (double) step.step()));
            double vHat = v[i] / (1.0 - Math.pow(step.beta2(), (double) step.step()));
            w[i] -= step.learningRate() * (mHat / (Math.sqrt(vHat) + step.epsilon()) + step.weightDecay() * w[i]);
        }
    }

    /** {@code d Σ (weights · forward()) / dx} by five-point differences; forward must read {@code x}. */
    static Matrix gradient(Matrix x, Supplier<Matrix> forward, Matrix weights) {
        Matrix result = Matrix.zeros(x.rows, x.columns);
        for (int i = 0; i < x.values.length; i++) {
            double centre = x.values[i];
            double[] sums = new double[5];
            for (int offset = -2; offset <= 2; offset++) {
                x.values[i] = centre + offset * STEP;
                Matrix y = forward.get();
                for (int j = 0; j < y.values.length; j++) {
                    sums[offset + 2] += y.values[j] * weights.values[j];
                }
            }
            x.values[i] = centre;
            result.values[i] = (sums[0] - 8 * sums[1] + 8 * sums[3] - sums[4]) / (12 * STEP);
        }
        return result;
    }
}
