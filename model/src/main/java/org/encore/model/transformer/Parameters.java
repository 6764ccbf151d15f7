package org.encore.model.transformer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** One flat vector and its named views: weights, or a gradient, or a moment of the optimiser. */
public final class Parameters {
    private final ParameterLayout layout;
    private final Tensor flat;
    private final Map<String, Tensor> views = new LinkedHashMap<>();

    /** Allocates zeros. */
    public Parameters(Kernels kernels, ParameterLayout layout) {
        this.layout = layout;
        this.flat = kernels.allocate(1, layout.size());
        for (ParameterLayout.Entry e : layout.entries()) {
            views.put(e.name(), flat.slice(e.offset(), e.rows(), e.columns()));
        }
    }

    public ParameterLayout layout() {
        return layout;
    }

    /** All elements. Shapes: {@code [1, P]} */
    public Tensor flat() {
        return flat;
    }

    /** A parameter as a matrix; vectors have one row. */
    public Tensor get(String name) {
        layout.entry(name);
        return views.get(name);
    }

    /** A parameter as a matrix, or null if the model has none of that name. */
    Tensor find(String name) {
        return views.get(name);
    }

    /** Neighbouring parameters of equal width as one matrix, from the first named to the last. */
    Tensor stacked(String first, String last) {
        ParameterLayout.Entry a = layout.entry(first);
        ParameterLayout.Entry b = layout.entry(last);
        int size = b.offset() + b.size() - a.offset();
        return flat.slice(a.offset(), size / a.columns(), a.columns());
    }

    /** A range as a vector. */
    public Tensor range(ParameterLayout.Range range) {
        return flat.slice(range.offset(), 1, range.size());
    }
}
