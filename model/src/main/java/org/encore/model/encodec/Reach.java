package org.encore.model.encodec;

import java.util.List;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.encodec.Windows.Margins;

/**
 * How many input steps beyond a piece of output layers without recurrence need: with so much context a piece comes out as in
 * one pass over everything.
 *
 * @param left steps before
 * @param right steps after
 */
record Reach(int left, int right) {
    static Reach of(List<LayerSpec> layers, EncodecConfig config) {
        Reach reach = new Reach(0, 0);
        for (int i = layers.size() - 1; i >= 0; i--) {
            reach = reach.before(layers.get(i), config);
        }
        return reach;
    }

    private Reach before(LayerSpec layer, EncodecConfig config) {
        if (layer instanceof Conv c) {
            Margins margins = Margins.of(c, config.causal());
            return new Reach(
                    left * c.stride() + Math.max(0, margins.left()), right * c.stride() + Math.max(0, margins.right()));
        }
        if (layer instanceof TransposedConv c) {
            int cut = Margins.of(c, config).left();
            // Output o sums the inputs t with t · stride <= o + cut <= t · stride + kernel - 1.
            return new Reach(
                    Math.max(0, Math.floorDiv(left - cut + c.kernel() - 1, c.stride())),
                    Math.max(0, 1 + Math.floorDiv(right + cut - 1, c.stride())));
        }
        if (layer instanceof Residual r) {
            return before(r.second(), config).before(r.first(), config);
        }
        return this;
    }
}
