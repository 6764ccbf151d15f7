package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Shards;

/**
 * Encodes sounds of any length in bounded memory, as {@link ChunkedDecoder} decodes: windows with context up to the LSTM, its
 * state kept from chunk to chunk, and after it a few layers with context again.
 */
public final class ChunkedEncoder {
    /** Frames of a window. */
    private static final int WINDOW = 50;
    /** Frames that the LSTM runs through at a time. */
    private static final int CHUNK = 2 * WINDOW;
    /** Windows before the LSTM begin so many frames earlier than their reach: the last one must not be too short to be mirrored. */
    private static final int MORE = 2;

    private final EncodecConfig config;
    private final Chunks chunks;
    private final Kernels kernels;
    private final ResidualQuantiser quantiser;
    private final Reach tailReach;
    private final int before;
    private final int after;
    private final List<Tensor> sounds = new ArrayList<>();
    private final List<SeaNet> front = new ArrayList<>();
    private final SeaNet recurrent;
    private final SeaNet tail;
    private final History history;

    /** The frames before the LSTM, of this chunk and of the last. */
    private final Tensor[] frames = new Tensor[2];

    /**
     * Allocates buffers.
     *
     * @param shards compute; the model's weights belong to kernels of the same kind
     */
    public ChunkedEncoder(EncodecModel model, Shards shards) {
        this.config = model.config();
        this.chunks = new Chunks(shards);
        this.kernels = shards.kernels(0);
        List<LayerSpec> layers = LayerSpec.encoder(config);
        int middle = LayerSpec.recurrentIndex(layers);
        List<LayerSpec> first = layers.subList(0, middle);
        List<LayerSpec> last = layers.subList(middle + 1, layers.size());
        Reach reach = Reach.of(first, config);
        this.before = config.frames(reach.left()) + MORE;
        this.after = config.frames(reach.right());
        this.tailReach = Reach.of(last, config);
        int samples = Math.multiplyExact(before + WINDOW + after, config.hop());
        for (int shard = 0; shard < shards.count(); shard++) {
            sounds.add(shards.kernels(shard).allocate(samples, config.channels()));
            front.add(new SeaNet(shards.kernels(shard), config, first, model.parameters(), 1, samples));
        }
        this.recurrent = new SeaNet(kernels, config, layers.subList(middle, middle + 1), model.parameters(), 1, CHUNK);
        recurrent.pack(Packing.FLOAT32);
        int rest = 2 * CHUNK + tailReach.left() + tailReach.right();
        this.tail = new SeaNet(kernels, config, last, model.parameters(), 1, rest);
        this.quantiser = model.quantiser(kernels, rest);
        int width = layers.get(middle).out();
        this.history = new History(kernels, rest + CHUNK, width);
        for (int i = 0; i < frames.length; i++) {
            frames[i] = kernels.allocate(CHUNK, width);
        }
    }

    /** Encodes a sound. Shapes: sound {@code [channels][samples]}, result {@code [K][F]} */
    public int[][] encode(float[][] sound) {
        int count = config.frames(sound[0].length);
        int[][] codes = new int[config.codebooks()][count];
        history.clear();
        recurrent.begin();
        int[] coded = {0};
        for (int turn = 0; coded[0] < count; turn++) {
            int from = Math.min(count, turn * CHUNK);
            int to = Math.min(count, from + CHUNK);
            Tensor now = frames[turn % 2];
            Tensor last = frames[(turn + 1) % 2];
            chunks.run(
                    () -> coded[0] = advance(last, from, coded[0], codes),
                    (to - from + WINDOW - 1) / WINDOW,
                    (shard, window) -> {
                        int first = from + window * WINDOW;
                        encode(shard, sound, first, Math.min(to, first + WINDOW), now, from);
                    });
        }
        return codes;
    }

    /** Computes the frames {@code [from, to)} before the LSTM into the rows of a chunk. */
    private void encode(int shard, float[][] sound, int from, int to, Tensor target, int chunk) {
        int hop = config.hop();
        int length = sound[0].length;
        int first = Math.max(0, from - before);
        int end = (int) Math.min(length, (to + after) * (long) hop);
        int samples = end - first * hop;
        float[] rows = new float[samples * sound.length];
        for (int c = 0; c < sound.length; c++) {
            for (int i = 0; i < samples; i++) {
                rows[i * sound.length + c] = sound[c][first * hop + i];
            }
        }
        Kernels own = chunks.kernels(shard);
        Tensor input = sounds.get(shard).rowRange(0, samples);
        own.write(input, rows);
        Tensor output = front.get(shard).goOn(input, 1);
        own.copy(output.rowRange(from - first, to - from), target.rowRange(from - chunk, to - from));
    }

    /** Runs the LSTM up to a frame and codes what can be coded; returns the number of frames coded. */
    private int advance(Tensor rows, int to, int coded, int[][] codes) {
        int count = codes[0].length;
        if (to > history.end()) {
            history.append(recurrent.goOn(rows.rowRange(0, to - history.end()), 1));
        }
        int end = to == count ? count : Math.max(coded, to - tailReach.right());
        if (end == coded) {
            return coded;
        }
        int first = Math.max(0, coded - tailReach.left());
        Tensor latent = tail.goOn(history.rows(first, to), 1);
        int[][] part = quantiser.encode(latent.rowRange(coded - first, end - coded));
        for (int k = 0; k < codes.length; k++) {
            System.arraycopy(part[k], 0, codes[k], coded, end - coded);
        }
        history.dropBefore(end - tailReach.left());
        return end;
    }
}
