package org.encore.model.encodec.training;

import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * First weights of encoder and decoder. Those of convolutions are uniform in {@code ±√3/√fan}, the fan being the inputs of a sum ({@code in · taps}, and {@code
 * in · taps / stride} for transposed ones), so that layers keep the mean square of a signal (He et al. 2015; PyTorch's {@code kaiming_uniform_} with {@code a = 1}); biases
 * are zero. PyTorch's default, a third of that variance, would have the signal vanish on its way through so many layers. Those of the LSTM are uniform in {@code
 * ±1/√width}, as PyTorch has them. Codebooks stay zero until {@link CodebookLearning#initialise}.
 */
public final class CodecInitialisation {
    private final Kernels kernels;
    private final EncodecParameters parameters;
    private final RandomGenerator random;

    private CodecInitialisation(Kernels kernels, EncodecParameters parameters, RandomGenerator random) {
        this.kernels = kernels;
        this.parameters = parameters;
        this.random = random;
    }

    /** Draws weights and biases of every layer, in the order of the layers. */
    public static void draw(
            Kernels kernels, EncodecConfig config, EncodecParameters parameters, RandomGenerator random) {
        CodecInitialisation drawing = new CodecInitialisation(kernels, parameters, random);
        Stream.concat(LayerSpec.encoder(config).stream(), LayerSpec.decoder(config).stream())
                .forEach(drawing::layer);
    }

    private void layer(LayerSpec layer) {
        if (layer instanceof Conv c) {
            convolution(c.name(), c.in() * (double) c.kernel());
        } else if (layer instanceof TransposedConv c) {
            convolution(c.name(), c.in() * (double) c.kernel() / c.stride());
        } else if (layer instanceof Recurrent r) {
            for (int i = 0; i < r.layers(); i++) {
                for (String kind : new String[] {"weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"}) {
                    uniform(r.name() + "." + kind + i, 1.0 / Math.sqrt(r.out()));
                }
            }
        } else if (layer instanceof Residual r) {
            layer(r.first());
            layer(r.second());
            r.shortcut().ifPresent(this::layer);
        }
    }

    private void convolution(String name, double fan) {
        uniform(name + ".weight", Math.sqrt(3.0 / fan));
    }

    private void uniform(String name, double bound) {
        Tensor tensor = parameters.get(name);
        float[] values = new float[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2.0 * random.nextDouble() - 1.0));
        }
        kernels.write(tensor, values);
    }
}
