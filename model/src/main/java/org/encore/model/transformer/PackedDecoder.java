package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.transformer.DecoderBlock.DecoderWeights;

/**
 * The decoder's matrices laid out for decoding. All that decode the same model at a time share one: {@link #refresh} it when
 * they begin, because training changes the weights in between.
 */
public final class PackedDecoder {
    private final List<Block> blocks = new ArrayList<>();
    private final List<PackedWeights> heads = new ArrayList<>();

    /** The matrices of one block, as in {@link DecoderWeights.Block}; those of cross-attention are null without text. */
    record Block(
            PackedWeights qkv,
            PackedWeights selfOut,
            PackedWeights crossQ,
            PackedWeights crossOut,
            PackedWeights fc1,
            PackedWeights fc2) {}

    /** Lays out a model's matrices as they are now, in a width if the kernels know it. */
    public PackedDecoder(MusicTransformer model, Packing packing) {
        DecodingKernels kernels = model.kernels().decoding();
        boolean cross = model.config().readsText();
        for (DecoderWeights.Block w : model.decoderWeights().blocks()) {
            blocks.add(new Block(
                    kernels.pack(w.qkv(), packing),
                    kernels.pack(w.selfOut(), packing),
                    cross ? kernels.pack(w.crossQ(), packing) : null,
                    cross ? kernels.pack(w.crossOut(), packing) : null,
                    kernels.pack(w.fc1(), packing),
                    kernels.pack(w.fc2(), packing)));
        }
        model.decoderWeights().heads().forEach(head -> heads.add(kernels.pack(head, packing)));
    }

    /** Takes over the weights as they are now; nobody may decode meanwhile. */
    public void refresh() {
        for (Block b : blocks) {
            b.qkv().refresh();
            b.selfOut().refresh();
            if (b.crossQ() != null) {
                b.crossQ().refresh();
                b.crossOut().refresh();
            }
            b.fc1().refresh();
            b.fc2().refresh();
        }
        heads.forEach(PackedWeights::refresh);
    }

    List<Block> blocks() {
        return blocks;
    }

    List<PackedWeights> heads() {
        return heads;
    }
}
