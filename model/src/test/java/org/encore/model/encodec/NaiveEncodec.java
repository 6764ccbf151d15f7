package org.encore.model.encodec;

import java.util.Arrays;
import java.util.Map;
import org.encore.model.encodec.EncodecConfig.PadMode;

/**
 * EnCodec by its definition: channels first, sums over taps and channels one by one, weights as a checkpoint has them. Follows
 * the configuration, not the list of layers, and shares no code with the implementation.
 */
final class NaiveEncodec {
    private final EncodecConfig c;
    private final Map<String, double[]> weights;

    NaiveEncodec(EncodecConfig config, Map<String, double[]> weights) {
        this.c = config;
        this.weights = weights;
    }

    private double[] get(String name) {
        double[] values = weights.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return values;
    }

    /** Latent frames {@code [hidden][F]} of a sound {@code [channels][samples]}. */
    double[][] encode(double[][] sound) {
        int index = 0;
        double[][] x =
                conv(sound, "encoder.layers." + index++ + ".conv", c.kernels().first(), 1, 1);
        for (int r = c.ratios().size() - 1; r >= 0; r--) {
            for (int j = 0; j < c.residualLayers(); j++) {
                x = residual(x, "encoder.layers." + index++, (int) Math.pow(c.dilationGrowth(), j));
            }
            index++;
            int ratio = c.ratios().get(r);
            x = conv(elu(x), "encoder.layers." + index++ + ".conv", 2 * ratio, ratio, 1);
        }
        x = lstm(x, "encoder.layers." + index++ + ".lstm");
        index++;
        return conv(elu(x), "encoder.layers." + index + ".conv", c.kernels().last(), 1, 1);
    }

    /** Sound {@code [channels][samples]} of latent frames {@code [hidden][F]}. */
    double[][] decode(double[][] frames) {
        int index = 0;
        double[][] x =
                conv(frames, "decoder.layers." + index++ + ".conv", c.kernels().first(), 1, 1);
        x = lstm(x, "decoder.layers." + index++ + ".lstm");
        for (int ratio : c.ratios()) {
            index++;
            x = transposed(elu(x), "decoder.layers." + index++ + ".conv", 2 * ratio, ratio);
            for (int j = 0; j < c.residualLayers(); j++) {
                x = residual(x, "decoder.layers." + index++, (int) Math.pow(c.dilationGrowth(), j));
            }
        }
        index++;
        return conv(elu(x), "decoder.layers." + index + ".conv", c.kernels().last(), 1, 1);
    }

    /** Codes {@code [K][F]} of latent frames. */
    int[][] quantise(double[][] frames) {
        int count = frames[0].length;
        int[][] codes = new int[c.codebooks()][count];
        for (int f = 0; f < count; f++) {
            double[] left = new double[c.hidden()];
            for (int i = 0; i < left.length; i++) {
                left[i] = frames[i][f];
            }
            for (int k = 0; k < codes.length; k++) {
                double[] rows = get("quantizer.layers." + k + ".codebook.embed");
                double least = Double.POSITIVE_INFINITY;
                for (int v = 0; v < c.codebookSize(); v++) {
                    double distance = 0;
                    for (int i = 0; i < left.length; i++) {
                        distance += Math.pow(left[i] - rows[v * left.length + i], 2);
                    }
                    if (distance < least) {
                        least = distance;
                        codes[k][f] = v;
                    }
                }
                for (int i = 0; i < left.length; i++) {
                    left[i] -= rows[codes[k][f] * left.length + i];
                }
            }
        }
        return codes;
    }

    private double[][] residual(double[][] x, String name, int dilation) {
        double[][] y = conv(elu(x), name + ".block.1.conv", c.kernels().residual(), 1, dilation);
        y = conv(elu(y), name + ".block.3.conv", 1, 1, 1);
        double[][] skip = c.convShortcut() ? conv(x, name + ".shortcut.conv", 1, 1, 1) : x;
        double[][] sum = new double[x.length][x[0].length];
        for (int i = 0; i < sum.length; i++) {
            for (int t = 0; t < sum[i].length; t++) {
                sum[i][t] = skip[i][t] + y[i][t];
            }
        }
        return sum;
    }

    private static double[][] elu(double[][] x) {
        return Arrays.stream(x)
                .map(row ->
                        Arrays.stream(row).map(v -> v > 0 ? v : Math.expm1(v)).toArray())
                .toArray(double[][]::new);
    }

    /** Weight of a convolution {@code [first][second][taps]}, weight norm over all but the first axis. */
    private double weight(String name, int first, int size, int at) {
        double[] v = get(name + ".weight_v");
        double square = 0;
        for (int i = 0; i < size; i++) {
            square += v[first * size + i] * v[first * size + i];
        }
        return get(name + ".weight_g")[first] * v[first * size + at] / Math.sqrt(square);
    }

    private double[][] conv(double[][] x, String name, int kernel, int stride, int dilation) {
        int length = x[0].length;
        int span = (kernel - 1) * dilation + 1;
        int total = span - stride;
        double windows = (length - span + total) / (double) stride + 1;
        int extra = ((int) Math.ceil(windows) - 1) * stride + span - total - length;
        int right = c.causal() ? 0 : total / 2;
        double[][] padded = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            padded[i] = padded(x[i], total - right, right + extra);
        }
        double[] bias = get(name + ".bias");
        int size = x.length * kernel;
        double[][] w = new double[bias.length][size];
        for (int o = 0; o < bias.length; o++) {
            for (int at = 0; at < size; at++) {
                w[o][at] = weight(name, o, size, at);
            }
        }
        double[][] y = new double[bias.length][(padded[0].length - span) / stride + 1];
        for (int o = 0; o < y.length; o++) {
            for (int t = 0; t < y[o].length; t++) {
                y[o][t] = bias[o];
                for (int i = 0; i < x.length; i++) {
                    for (int tap = 0; tap < kernel; tap++) {
                        y[o][t] += w[o][i * kernel + tap] * padded[i][t * stride + tap * dilation];
                    }
                }
            }
        }
        return y;
    }

    private double[] padded(double[] x, int left, int right) {
        if (c.padMode() == PadMode.REFLECT && x.length <= Math.max(left, right)) {
            int extra = Math.max(left, right) - x.length + 1;
            double[] longer = padded(Arrays.copyOf(x, x.length + extra), left, right);
            return Arrays.copyOf(longer, longer.length - extra);
        }
        double[] y = new double[left + x.length + right];
        for (int i = 0; i < y.length; i++) {
            int at = i - left;
            boolean inside = at >= 0 && at < x.length;
            y[i] = switch (c.padMode()) {
                case CONSTANT -> inside ? x[at] : 0.0;
                case REPLICATE -> x[Math.max(0, Math.min(x.length - 1, at))];
                case REFLECT -> x[at < 0 ? -at : at >= x.length ? 2 * x.length - 2 - at : at];
            };
        }
        return y;
    }

    private double[][] transposed(double[][] x, String name, int kernel, int stride) {
        double[] bias = get(name + ".bias");
        int size = bias.length * kernel;
        double[][] full = new double[bias.length][(x[0].length - 1) * stride + kernel];
        for (int o = 0; o < full.length; o++) {
            Arrays.fill(full[o], bias[o]);
        }
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < full.length; o++) {
                for (int tap = 0; tap < kernel; tap++) {
                    double w = weight(name, i, size, o * kernel + tap);
                    for (int t = 0; t < x[i].length; t++) {
                        full[o][t * stride + tap] += w * x[i][t];
                    }
                }
            }
        }
        int total = kernel - stride;
        int right = c.causal() ? (int) Math.ceil(total * c.trimRightRatio()) : total / 2;
        return Arrays.stream(full)
                .map(row -> Arrays.copyOfRange(row, total - right, row.length - right))
                .toArray(double[][]::new);
    }

    private double[][] lstm(double[][] x, String name) {
        double[][] y = x;
        for (int layer = 0; layer < c.lstmLayers(); layer++) {
            y = level(y, name, layer);
        }
        double[][] sum = new double[x.length][x[0].length];
        for (int i = 0; i < sum.length; i++) {
            for (int t = 0; t < sum[i].length; t++) {
                sum[i][t] = x[i][t] + y[i][t];
            }
        }
        return sum;
    }

    private double[][] level(double[][] x, String name, int layer) {
        int width = x.length;
        double[] fromInput = get(name + ".weight_ih_l" + layer);
        double[] fromState = get(name + ".weight_hh_l" + layer);
        double[] bias = get(name + ".bias_ih_l" + layer);
        double[] stateBias = get(name + ".bias_hh_l" + layer);
        double[][] y = new double[width][x[0].length];
        double[] cell = new double[width];
        double[] hidden = new double[width];
        for (int t = 0; t < x[0].length; t++) {
            double[] gates = new double[4 * width];
            for (int g = 0; g < gates.length; g++) {
                gates[g] = bias[g] + stateBias[g];
                for (int i = 0; i < width; i++) {
                    gates[g] += fromInput[g * width + i] * x[i][t] + fromState[g * width + i] * hidden[i];
                }
            }
            for (int i = 0; i < width; i++) {
                cell[i] = sigmoid(gates[width + i]) * cell[i] + sigmoid(gates[i]) * Math.tanh(gates[2 * width + i]);
                hidden[i] = sigmoid(gates[3 * width + i]) * Math.tanh(cell[i]);
                y[i][t] = hidden[i];
            }
        }
        return y;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
