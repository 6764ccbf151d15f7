package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Tensor;

/**
 * The decoder's matrices packed for decoding, adapters merged. Concurrent decoders of a model share one. Call {@link #refresh}
 * before decoding, because training changes the weights.
 */
public final class PackedDecoder {
    private final MusicTransformer model;
    private final List<Block> blocks = new ArrayList<>();
    private final List<PackedWeights> heads = new ArrayList<>();
    private final List<Merged> all = new ArrayList<>();
    /** Where a matrix and its adapters are added up; one for all matrices if packing copies. */
    private Tensor sum;

    /** The matrices of one block, as in {@link DecoderWeights.Block}; those of cross-attention are null without text. */
    record Block(
            PackedWeights qkv,
            PackedWeights selfOut,
            PackedWeights crossQ,
            PackedWeights crossOut,
            PackedWeights fc1,
            PackedWeights fc2) {}

    /** A packed matrix; {@code sum} is null if it has no adapters. */
    private record Merged(Linear matrix, Tensor sum, PackedWeights packed) {}

    /** Packs a model's current matrices. */
    public PackedDecoder(MusicTransformer model, Packing packing) {
        this.model = model;
        boolean cross = model.config().readsText();
        for (DecoderWeights.Block w : model.decoderWeights().blocks()) {
            blocks.add(new Block(
                    pack(w.qkv(), packing),
                    pack(w.selfOut(), packing),
                    cross ? pack(w.crossQ(), packing) : null,
                    cross ? pack(w.crossOut(), packing) : null,
                    pack(w.fc1(), packing),
                    pack(w.fc2(), packing)));
        }
        for (Tensor head : model.decoderWeights().heads()) {
            heads.add(pack(new Linear(head, List.of()), packing));
        }
    }

    private PackedWeights pack(Linear w, Packing packing) {
        DecodingKernels kernels = model.kernels().decoding();
        Tensor merged = w.adapters().isEmpty() ? null : sumOf(w);
        PackedWeights packed = kernels.pack(merged == null ? w.weight() : merged, packing);
        all.add(new Merged(w, merged, packed));
        return packed;
    }

    private Tensor sumOf(Linear w) {
        int size = Math.toIntExact(w.weight().size());
        if (sum == null || sum.columns() < size || !model.kernels().decoding().packingCopies()) {
            sum = model.kernels().allocate(1, size);
        }
        Tensor merged = sum.slice(0, w.weight().rows(), w.weight().columns());
        add(w, merged);
        return merged;
    }

    private void add(Linear w, Tensor merged) {
        model.kernels().copy(w.weight(), merged);
        model.products().addMerged(w, merged);
    }

    /** Packs the current weights; no other thread may decode meanwhile. */
    public void refresh() {
        for (Merged each : all) {
            if (each.sum() != null) {
                add(each.matrix(), each.sum());
            }
            each.packed().refresh();
        }
    }

    List<Block> blocks() {
        return blocks;
    }

    List<PackedWeights> heads() {
        return heads;
    }
}
