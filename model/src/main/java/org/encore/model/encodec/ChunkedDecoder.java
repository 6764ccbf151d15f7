package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Shards;

/**
 * Decodes clips of any length in bounded memory, chunk by chunk, with the result of one pass up to rounding.
 *
 * <p>The LSTM has unbounded memory: it runs once through all frames and keeps its state from chunk to chunk. The layers around
 * it see a few neighbours: each window of their output is computed with the context that {@link Reach} asks for, and only the
 * true ends of the clip are padded. While the LSTM runs through one chunk, other shards compute the windows of the one before.
 */
public final class ChunkedDecoder {
    /** Frames of a window. */
    private static final int WINDOW = 50;
    /** Frames that the LSTM runs through at a time. */
    private static final int CHUNK = 2 * WINDOW;

    private final EncodecConfig config;
    private final Chunks chunks;
    private final Kernels kernels;
    private final ResidualQuantiser quantiser;
    private final Reach frontReach;
    private final Reach backReach;
    private final SeaNet front;
    private final SeaNet recurrent;
    private final List<SeaNet> back = new ArrayList<>();
    private final Tensor latent;
    private final History history;

    /**
     * Allocates buffers.
     *
     * @param shards compute; the model's weights belong to kernels of the same kind
     * @param packing of the recurrent weights
     */
    public ChunkedDecoder(EncodecModel model, Shards shards, Packing packing) {
        this.config = model.config();
        this.chunks = new Chunks(shards);
        this.kernels = shards.kernels(0);
        List<LayerSpec> layers = LayerSpec.decoder(config);
        int middle = LayerSpec.recurrentIndex(layers);
        List<LayerSpec> before = layers.subList(0, middle);
        List<LayerSpec> after = layers.subList(middle + 1, layers.size());
        this.frontReach = Reach.of(before, config);
        this.backReach = Reach.of(after, config);
        int frames = CHUNK + frontReach.left() + frontReach.right();
        this.quantiser = model.quantiser(kernels, 1);
        this.latent = kernels.allocate(frames, config.hidden());
        this.front = new SeaNet(kernels, config, before, model.parameters(), 1, frames);
        this.recurrent = new SeaNet(kernels, config, layers.subList(middle, middle + 1), model.parameters(), 1, CHUNK);
        recurrent.pack(packing);
        int window = WINDOW + backReach.left() + backReach.right();
        for (int shard = 0; shard < shards.count(); shard++) {
            back.add(new SeaNet(shards.kernels(shard), config, after, model.parameters(), 1, window));
        }
        int width = layers.get(middle).out();
        this.history = new History(kernels, 2 * CHUNK + window, width);
    }

    /** Elements of the buffers of such a decoder, once it has decoded. */
    public static long elements(EncodecConfig config, int shards) {
        List<LayerSpec> layers = LayerSpec.decoder(config);
        int middle = LayerSpec.recurrentIndex(layers);
        List<LayerSpec> before = layers.subList(0, middle);
        List<LayerSpec> after = layers.subList(middle + 1, layers.size());
        Reach front = Reach.of(before, config);
        Reach back = Reach.of(after, config);
        int frames = CHUNK + front.left() + front.right();
        int window = WINDOW + back.left() + back.right();
        long width = layers.get(middle).out();
        return (long) frames * config.hidden()
                + SeaNet.elements(before, frames)
                + SeaNet.elements(layers.subList(middle, middle + 1), CHUNK)
                + shards * SeaNet.elements(after, window)
                + 2 * (2L * CHUNK + window) * width;
    }

    /** Bytes of the recurrent weights in 16 bits. */
    public static long packedBytes(EncodecConfig config) {
        LayerSpec middle = LayerSpec.decoder(config).get(LayerSpec.recurrentIndex(LayerSpec.decoder(config)));
        return 4L * middle.out() * middle.out() * Short.BYTES * config.lstmLayers();
    }

    /**
     * Decodes codes. Shapes: codes {@code [K][F]}, result {@code [channels][samples]}
     *
     * @throws IllegalArgumentException if a code is none of its codebook
     */
    public float[][] decode(int[][] codes) {
        int frames = codes[0].length;
        float[][] sound = new float[config.channels()][Math.multiplyExact(frames, config.hop())];
        history.clear();
        recurrent.begin();
        int done = 0;
        while (done < frames) {
            int from = done;
            int ready = history.end();
            int usable = ready == frames ? frames : Math.max(from, ready - backReach.right());
            int windows = ready == frames ? (usable - from + WINDOW - 1) / WINDOW : (usable - from) / WINDOW;
            int to = Math.min(frames, ready + CHUNK);
            chunks.run(() -> advance(codes, ready, to), windows, (shard, window) -> {
                int first = from + window * WINDOW;
                decode(shard, first, Math.min(frames, first + WINDOW), ready, sound);
            });
            done = Math.min(frames, from + windows * WINDOW);
            history.dropBefore(done - backReach.left());
        }
        return sound;
    }

    /** Runs the LSTM through the frames {@code [from, to)}. */
    private void advance(int[][] codes, int from, int to) {
        if (from == to) {
            return;
        }
        int first = Math.max(0, from - frontReach.left());
        int end = Math.min(codes[0].length, to + frontReach.right());
        int[][] part = new int[codes.length][];
        for (int k = 0; k < part.length; k++) {
            part[k] = Arrays.copyOfRange(codes[k], first, end);
        }
        Tensor rows = latent.rowRange(0, end - first);
        quantiser.decode(part, rows);
        Tensor states = front.goOn(rows, 1).rowRange(from - first, to - from);
        history.append(recurrent.goOn(states, 1));
    }

    /** Computes the sound of the frames {@code [from, to)}, of which {@code ready} exist. */
    private void decode(int shard, int from, int to, int ready, float[][] sound) {
        int first = Math.max(0, from - backReach.left());
        int end = Math.min(ready, to + backReach.right());
        Tensor samples = back.get(shard).goOn(history.rows(first, end), 1);
        int hop = config.hop();
        int count = (to - from) * hop;
        float[] rows = chunks.kernels(shard).readFloats(samples.rowRange((from - first) * hop, count));
        int channels = sound.length;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < count; i++) {
                sound[c][from * hop + i] = rows[i * channels + c];
            }
        }
    }
}
