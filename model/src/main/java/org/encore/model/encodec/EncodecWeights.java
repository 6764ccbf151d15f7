package org.encore.model.encodec;

import java.io.IOException;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;

/**
 * Reads weights under the names of a checkpoint and folds weight norm: {@code w = g v / |v|}, the norm taken over all axes but
 * the first, which for transposed convolutions is that of the input channels (Salimans and Kingma 2016).
 *
 * <p>Three spellings: {@code weight_g} and {@code weight_v}; {@code parametrizations.weight.original0} and {@code original1};
 * {@code weight}, where the norm has been folded already.
 */
final class EncodecWeights {
    private static final float[] NONE = {};

    private final WeightSource source;
    private final Naming naming;
    private final Kernels kernels;
    private final EncodecParameters target;

    private EncodecWeights(WeightSource source, Naming naming, Kernels kernels, EncodecParameters target) {
        this.source = source;
        this.naming = naming;
        this.kernels = kernels;
        this.target = target;
    }

    /**
     * Names of tensors: the same architecture, spelled differently.
     *
     * @param prefix before every name
     * @param spelling of the names
     */
    record Naming(String prefix, Spelling spelling) {
        /** Who named the tensors. */
        enum Spelling {
            /** {@code encoder.layers.0.conv}, {@code quantizer.layers.0.codebook.embed}. */
            HUGGING_FACE,
            /** {@code encoder.model.0.conv.conv}, {@code quantizer.vq.layers.0._codebook.embed}. */
            AUDIOCRAFT
        }

        String conv(Conv spec) {
            return prefix + (spelling == Spelling.HUGGING_FACE ? spec.name() : model(spec.name()) + ".conv");
        }

        String transposed(TransposedConv spec) {
            return prefix
                    + (spelling == Spelling.HUGGING_FACE
                            ? spec.name()
                            : model(spec.name()).replaceFirst("\\.conv$", ".convtr.convtr"));
        }

        String recurrent(Recurrent spec) {
            return prefix + (spelling == Spelling.HUGGING_FACE ? spec.name() : model(spec.name()));
        }

        String codebook(int index) {
            return prefix
                    + (spelling == Spelling.HUGGING_FACE
                            ? EncodecParameters.codebook(index)
                            : "quantizer.vq.layers." + index + "._codebook.embed");
        }

        private static String model(String name) {
            return name.replaceFirst("coder\\.layers\\.", "coder.model.");
        }
    }

    /**
     * Fails unless every weight is there in its shape: before anything is allocated for sizes that may be wrong.
     *
     * @throws InvalidFileException naming the first tensor that is missing or has another shape
     */
    static void requireShapes(WeightSource source, Naming naming, EncodecConfig config) throws IOException {
        new EncodecWeights(source, naming, null, null).readAll(config);
    }

    /**
     * Reads every weight.
     *
     * @throws InvalidFileException if a tensor is missing, has another shape, or holds what is not finite
     */
    static void read(
            WeightSource source, Naming naming, EncodecConfig config, Kernels kernels, EncodecParameters target)
            throws IOException {
        new EncodecWeights(source, naming, kernels, target).readAll(config);
    }

    private void readAll(EncodecConfig config) throws IOException {
        for (LayerSpec layer : LayerSpec.encoder(config)) {
            read(layer);
        }
        for (LayerSpec layer : LayerSpec.decoder(config)) {
            read(layer);
        }
        for (int k = 0; k < config.codebooks(); k++) {
            List<Integer> shape = List.of(config.codebookSize(), config.hidden());
            store(EncodecParameters.codebook(k), checked(naming.codebook(k), shape));
        }
    }

    /** Whether this pass looks at shapes alone: it reads no values and stores none. */
    private boolean looksAtShapes() {
        return target == null;
    }

    private void read(LayerSpec layer) throws IOException {
        if (layer instanceof Conv c) {
            String name = naming.conv(c);
            float[] w = folded(name, List.of(c.out(), c.in(), c.kernel()));
            store(c.name() + ".weight", tapsBeforeLast(w, c.out(), c.in(), c.kernel()));
            store(c.name() + ".bias", checked(name + ".bias", List.of(c.out())));
        } else if (layer instanceof TransposedConv c) {
            String name = naming.transposed(c);
            float[] w = folded(name, List.of(c.in(), c.out(), c.kernel()));
            store(c.name() + ".weight", tapsFirst(w, c.in(), c.out(), c.kernel()));
            store(c.name() + ".bias", checked(name + ".bias", List.of(c.out())));
        } else if (layer instanceof Recurrent r) {
            for (int i = 0; i < r.layers(); i++) {
                for (String kind : List.of("weight_ih_l", "weight_hh_l")) {
                    copy(r, kind + i, List.of(4 * r.out(), r.out()));
                }
                for (String kind : List.of("bias_ih_l", "bias_hh_l")) {
                    copy(r, kind + i, List.of(4 * r.out()));
                }
            }
        } else if (layer instanceof Residual r) {
            read(r.first());
            read(r.second());
            if (r.shortcut().isPresent()) {
                read(r.shortcut().get());
            }
        }
    }

    private void copy(Recurrent layer, String kind, List<Integer> shape) throws IOException {
        store(layer.name() + "." + kind, checked(naming.recurrent(layer) + "." + kind, shape));
    }

    /** {@code [out, in, taps]} as {@code [out, taps, in]}. */
    private static float[] tapsBeforeLast(float[] w, int out, int in, int taps) {
        if (w.length == 0) {
            return w;
        }
        float[] result = new float[w.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int tap = 0; tap < taps; tap++) {
                    result[(o * taps + tap) * in + i] = w[(o * in + i) * taps + tap];
                }
            }
        }
        return result;
    }

    /** {@code [in, out, taps]} as {@code [taps, out, in]}. */
    private static float[] tapsFirst(float[] w, int in, int out, int taps) {
        if (w.length == 0) {
            return w;
        }
        float[] result = new float[w.length];
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                for (int tap = 0; tap < taps; tap++) {
                    result[(tap * out + o) * in + i] = w[(i * out + o) * taps + tap];
                }
            }
        }
        return result;
    }

    private float[] folded(String name, List<Integer> shape) throws IOException {
        String gain = name + ".weight_g";
        String direction = name + ".weight_v";
        if (source.names().contains(name + ".parametrizations.weight.original1")) {
            gain = name + ".parametrizations.weight.original0";
            direction = name + ".parametrizations.weight.original1";
        } else if (!source.names().contains(direction) && source.names().contains(name + ".weight")) {
            return checked(name + ".weight", shape);
        }
        float[] g = checked(gain, List.of(shape.get(0), 1, 1));
        float[] w = checked(direction, shape);
        if (looksAtShapes()) {
            return w;
        }
        int size = w.length / g.length;
        for (int row = 0; row < g.length; row++) {
            double square = 0;
            for (int i = row * size; i < (row + 1) * size; i++) {
                square += (double) w[i] * w[i];
            }
            if (square == 0) {
                throw new InvalidFileException(
                        source.path(),
                        "tensor " + direction + " is zero in row " + row + ", which weight norm divides by its norm");
            }
            double factor = g[row] / Math.sqrt(square);
            for (int i = row * size; i < (row + 1) * size; i++) {
                w[i] = (float) (w[i] * factor);
            }
        }
        return w;
    }

    private float[] checked(String name, List<Integer> expected) throws IOException {
        List<Integer> shape = source.shape(name);
        if (!shape.equals(expected)) {
            throw new InvalidFileException(
                    source.path(),
                    "tensor " + name + " has shape " + shape + ", but the codec's configuration asks for " + expected);
        }
        if (looksAtShapes()) {
            return NONE;
        }
        float[] values = source.floats(name);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidFileException(source.path(), "tensor " + name + " holds a value that is not finite");
            }
        }
        return values;
    }

    private void store(String name, float[] values) {
        if (!looksAtShapes()) {
            kernels.write(target.get(name), values);
        }
    }
}
