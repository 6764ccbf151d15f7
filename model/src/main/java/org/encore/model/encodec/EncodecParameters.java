package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * One flat vector and its named views: the weights of encoder, decoder and codebooks, or their gradient.
 *
 * <p>Weights are matrices of products, weight norm folded in: {@code X.weight} of a convolution is {@code [out, taps · in]}, of a
 * transposed one {@code [taps · out, in]}, tap by tap; of an LSTM {@code [4H, H]} in the order input, forget, candidate,
 * output; {@code X.bias} is {@code [1, out]}; a codebook is {@code [codes, hidden]}.
 */
public final class EncodecParameters {
    private final Tensor flat;
    private final Tensor layers;
    private final Map<String, Tensor> views = new LinkedHashMap<>();

    /** A matrix in the flat vector. */
    record Entry(String name, int rows, int columns) {
        int size() {
            return Math.multiplyExact(rows, columns);
        }
    }

    /** Allocates zeros. */
    public EncodecParameters(Kernels kernels, EncodecConfig config) {
        List<Entry> entries = entries(config);
        this.flat = kernels.allocate(1, size(entries));
        int offset = 0;
        for (Entry e : entries) {
            views.put(e.name(), flat.slice(offset, e.rows(), e.columns()));
            offset += e.size();
        }
        this.layers = flat.slice(0, 1, offset - config.codebooks() * config.codebookSize() * config.hidden());
    }

    /** All weights. Shapes: {@code [1, P]} */
    public Tensor flat() {
        return flat;
    }

    /** The weights of encoder and decoder, which a gradient changes; the codebooks come after them. Shapes: {@code [1, P - codes]} */
    public Tensor layers() {
        return layers;
    }

    /** All names, in the order of the flat vector. */
    public List<String> names() {
        return List.copyOf(views.keySet());
    }

    /**
     * A matrix by its name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Tensor get(String name) {
        Tensor view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("the codec has no parameter " + name);
        }
        return view;
    }

    /** Name of a codebook's rows. */
    public static String codebook(int index) {
        return "quantizer.layers." + index + ".codebook.embed";
    }

    /** Number of parameters. */
    public static int count(EncodecConfig config) {
        return size(entries(config));
    }

    private static int size(List<Entry> entries) {
        return entries.stream().mapToInt(Entry::size).reduce(0, Math::addExact);
    }

    private static List<Entry> entries(EncodecConfig config) {
        List<Entry> entries = new ArrayList<>();
        LayerSpec.encoder(config).forEach(layer -> add(entries, layer));
        LayerSpec.decoder(config).forEach(layer -> add(entries, layer));
        for (int k = 0; k < config.codebooks(); k++) {
            entries.add(new Entry(codebook(k), config.codebookSize(), config.hidden()));
        }
        return entries;
    }

    private static void add(List<Entry> entries, LayerSpec layer) {
        if (layer instanceof Conv c) {
            entries.add(new Entry(c.name() + ".weight", c.out(), c.kernel() * c.in()));
            entries.add(new Entry(c.name() + ".bias", 1, c.out()));
        } else if (layer instanceof TransposedConv c) {
            entries.add(new Entry(c.name() + ".weight", c.kernel() * c.out(), c.in()));
            entries.add(new Entry(c.name() + ".bias", 1, c.out()));
        } else if (layer instanceof Recurrent r) {
            for (int i = 0; i < r.layers(); i++) {
                entries.add(new Entry(r.name() + ".weight_ih_l" + i, 4 * r.out(), r.out()));
                entries.add(new Entry(r.name() + ".weight_hh_l" + i, 4 * r.out(), r.out()));
                entries.add(new Entry(r.name() + ".bias_ih_l" + i, 1, 4 * r.out()));
                entries.add(new Entry(r.name() + ".bias_hh_l" + i, 1, 4 * r.out()));
            }
        } else if (layer instanceof Residual r) {
            add(entries, r.first());
            add(entries, r.second());
            r.shortcut().ifPresent(shortcut -> add(entries, shortcut));
        }
    }
}
