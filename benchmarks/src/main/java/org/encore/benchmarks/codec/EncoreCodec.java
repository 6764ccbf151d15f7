package org.encore.benchmarks.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.Waveform;

/** The codec as Encore's commands use it: one single-threaded shard a thread. */
final class EncoreCodec implements CodecSide {
    private static final int PRODUCTS = 8;

    private final Shards shards;
    private final EncodecCodec codec;

    EncoreCodec(ReferenceCodec reference, int threads) {
        shards = Shards.of(threads, KernelChoice.best(Precision.SINGLE)::open);
        try {
            EncodecConfigFile file = new EncodecConfigFile(reference.config(), "");
            codec = new EncodecCodec(EncodecModel.load(reference, file, shards.kernels(0)), shards, 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String description() {
        return shards.kernels(0).description() + ", " + shards.count() + " shards";
    }

    @Override
    public float[] decode(int[][] codes) {
        return codec.decode(codes).waveform().samples();
    }

    @Override
    public int[][] encode(float[] sound) {
        return codec.encode(new Waveform(sound, codec.sampleRate()));
    }

    @Override
    public double productRate(int size) {
        List<List<Tensor>> operands = new ArrayList<>();
        for (int shard = 0; shard < shards.count(); shard++) {
            List<Tensor> each = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                each.add(shards.kernels(shard).allocate(size, size));
                shards.kernels(shard).fill(each.get(i), 0.5);
            }
            operands.add(each);
        }
        long start = System.nanoTime();
        shards.each(shard -> {
            List<Tensor> each = operands.get(shard);
            for (int i = 0; i < PRODUCTS; i++) {
                shards.kernels(shard).linear(each.get(0), each.get(1), each.get(2));
            }
        });
        return 2.0 * size * size * size * PRODUCTS * shards.count() / ((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() {
        codec.close();
    }
}
