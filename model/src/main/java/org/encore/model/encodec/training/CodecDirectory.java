package org.encore.model.encodec.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.encore.base.files.AtomicFiles;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;

/**
 * Writes a codec as a stand-alone EnCodec of the Hugging Face layout: {@code config.json}, {@code preprocessor_config.json} and {@code
 * model.safetensors} in 32 bits.
 */
public final class CodecDirectory {
    /** The averages of counts, as the reference names them. */
    static final String SIZES = "cluster_size";

    /** The averages of sums, as the reference names them. */
    static final String TOTALS = "embed_avg";

    /** Whether k-means has given the rows, 1 or 0, as the reference names it. */
    static final String INITIALISED = "inited";

    private final EncodecModel model;
    private final CodebookLearning codebooks;
    private final Kernels kernels;
    private final Form form;
    private final SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);

    /** How convolutions are written. */
    public enum Form {
        /** As {@code weight}: the same bits when they are read. */
        FOLDED,
        /** As {@code weight_g} and {@code weight_v}, which the reference has: the same when they are read up to the rounding of a norm. */
        WEIGHT_NORM
    }

    private CodecDirectory(EncodecModel model, CodebookLearning codebooks, Kernels kernels, Form form) {
        this.model = model;
        this.codebooks = codebooks;
        this.kernels = kernels;
        this.form = form;
    }

    /**
     * Writes the files.
     *
     * @param codebooks the averages behind the model's codebooks, which the reference keeps as buffers
     */
    public static void write(Path directory, EncodecModel model, CodebookLearning codebooks, Kernels kernels, Form form)
            throws IOException {
        new CodecDirectory(model, codebooks, kernels, form).write(directory);
    }

    private void write(Path directory) throws IOException {
        EncodecConfig c = model.config();
        Stream.concat(LayerSpec.encoder(c).stream(), LayerSpec.decoder(c).stream())
                .forEach(this::add);
        for (int k = 0; k < c.codebooks(); k++) {
            String rows = EncodecParameters.codebook(k);
            int codebook = k;
            writer.add(buffer(k, INITIALISED), List.of(1), () -> new float[] {codebooks.isInitialised() ? 1.0f : 0.0f});
            writer.add(buffer(k, SIZES), List.of(c.codebookSize()), () -> codebooks.sizes(codebook));
            writer.add(rows, List.of(c.codebookSize(), c.hidden()), () -> values(rows));
            writer.add(buffer(k, TOTALS), List.of(c.codebookSize(), c.hidden()), () -> codebooks.totals(codebook));
        }
        writer.write(directory.resolve(ModelDirectory.WEIGHTS));
        ObjectNode config = EncodecConfigFile.json(c);
        config.putArray("architectures").add("EncodecModel");
        config.put("torch_dtype", "float32");
        json(directory.resolve(ModelDirectory.CONFIG), config);
        ObjectNode sound = new ObjectMapper().createObjectNode();
        sound.put("feature_extractor_type", "EncodecFeatureExtractor")
                .put("feature_size", c.channels())
                .put("padding_side", "right")
                .put("padding_value", 0.0)
                .put("return_attention_mask", true)
                .put("sampling_rate", c.sampleRate());
        sound.putNull("chunk_length_s").putNull("overlap");
        json(directory.resolve("preprocessor_config.json"), sound);
    }

    /** Name of a tensor beside a codebook's rows. */
    static String buffer(int codebook, String kind) {
        String rows = EncodecParameters.codebook(codebook);
        return rows.substring(0, rows.lastIndexOf('.') + 1) + kind;
    }

    private static void json(Path file, ObjectNode tree) throws IOException {
        AtomicFiles.write(
                file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    }

    private float[] values(String name) {
        return kernels.readFloats(model.parameters().get(name));
    }

    private void add(LayerSpec layer) {
        if (layer instanceof Conv c) {
            String weight = c.name() + ".weight";
            convolution(c.name(), List.of(c.out(), c.in(), c.kernel()), () -> tapsLast(values(weight), c));
            copy(c.name() + ".bias", c.out());
        } else if (layer instanceof TransposedConv c) {
            String weight = c.name() + ".weight";
            convolution(c.name(), List.of(c.in(), c.out(), c.kernel()), () -> tapsLast(values(weight), c));
            copy(c.name() + ".bias", c.out());
        } else if (layer instanceof Recurrent r) {
            for (int i = 0; i < r.layers(); i++) {
                copy(r.name() + ".weight_ih_l" + i, 4 * r.out(), r.out());
                copy(r.name() + ".weight_hh_l" + i, 4 * r.out(), r.out());
                copy(r.name() + ".bias_ih_l" + i, 4 * r.out());
                copy(r.name() + ".bias_hh_l" + i, 4 * r.out());
            }
        } else if (layer instanceof Residual r) {
            add(r.first());
            add(r.second());
            r.shortcut().ifPresent(this::add);
        }
    }

    private void copy(String name, Integer... shape) {
        writer.add(name, List.of(shape), () -> values(name));
    }

    /** The values of a tensor, when they are written. */
    private interface Values extends java.util.function.Supplier<float[]> {}

    private void convolution(String name, List<Integer> shape, Values values) {
        if (form == Form.FOLDED) {
            writer.add(name + ".weight", shape, values);
            return;
        }
        writer.add(name + ".weight_g", List.of(shape.get(0), 1, 1), () -> norms(values.get(), shape.get(0)));
        writer.add(name + ".weight_v", shape, values);
    }

    /** The norm over all axes but the first. */
    private static float[] norms(float[] values, int rows) {
        float[] norms = new float[rows];
        int size = values.length / rows;
        for (int row = 0; row < rows; row++) {
            double square = 0.0;
            for (int i = row * size; i < (row + 1) * size; i++) {
                square += (double) values[i] * values[i];
            }
            norms[row] = (float) Math.sqrt(square);
        }
        return norms;
    }

    /** {@code [out, taps, in]} as {@code [out, in, taps]}. */
    private static float[] tapsLast(float[] w, Conv c) {
        float[] result = new float[w.length];
        for (int o = 0; o < c.out(); o++) {
            for (int tap = 0; tap < c.kernel(); tap++) {
                for (int i = 0; i < c.in(); i++) {
                    result[(o * c.in() + i) * c.kernel() + tap] = w[(o * c.kernel() + tap) * c.in() + i];
                }
            }
        }
        return result;
    }

    /** {@code [taps, out, in]} as {@code [in, out, taps]}. */
    private static float[] tapsLast(float[] w, TransposedConv c) {
        float[] result = new float[w.length];
        for (int tap = 0; tap < c.kernel(); tap++) {
            for (int o = 0; o < c.out(); o++) {
                for (int i = 0; i < c.in(); i++) {
                    result[(i * c.out() + o) * c.kernel() + tap] = w[(tap * c.out() + o) * c.in() + i];
                }
            }
        }
        return result;
    }
}
