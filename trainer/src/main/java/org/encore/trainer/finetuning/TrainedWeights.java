package org.encore.trainer.finetuning;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.transformer.ParameterLayout;
import org.encore.trainer.finetuning.ShardTask.Network;

/** The trained elements of a network's weights or gradients, numbered without gaps, as little-endian floats. */
final class TrainedWeights {
    private final Kernels kernels;
    private final List<ParameterLayout.Range> ranges;
    private final int size;

    TrainedWeights(Learner learner) {
        this.kernels = learner.model().kernels();
        this.ranges = learner.optimiser().ranges();
        this.size = ranges.stream().mapToInt(ParameterLayout.Range::size).sum();
    }

    int size() {
        return size;
    }

    /** Part of a range. */
    @FunctionalInterface
    private interface Piece {
        void at(int offset, int done, int count);
    }

    private void each(int from, int count, Piece piece) {
        int start = 0;
        for (ParameterLayout.Range range : ranges) {
            int first = Math.max(from, start);
            int end = Math.min(from + count, start + range.size());
            if (first < end) {
                piece.at(range.offset() + first - start, first - from, end - first);
            }
            start += range.size();
        }
    }

    /** Reads some of the elements of a flat vector. */
    byte[] read(Tensor flat, int from, int count) {
        byte[] bytes = new byte[Math.multiplyExact(count, Float.BYTES)];
        each(from, count, (offset, done, length) -> floats(bytes)
                .asFloatBuffer()
                .put(done, kernels.readFloats(flat.slice(offset, 1, length))));
        return bytes;
    }

    /** Writes some of the elements of a flat vector. */
    void write(Tensor flat, int from, byte[] bytes) {
        each(from, bytes.length / Float.BYTES, (offset, done, length) -> {
            float[] values = new float[length];
            floats(bytes).asFloatBuffer().get(done, values);
            kernels.write(flat.slice(offset, 1, length), values);
        });
    }

    private static ByteBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds floats to floats, in 32 bits, as the kernels do. */
    static void add(byte[] values, byte[] sum) {
        ByteBuffer from = floats(values);
        ByteBuffer to = floats(sum);
        for (int i = 0; i < sum.length; i += Float.BYTES) {
            to.putFloat(i, to.getFloat(i) + from.getFloat(i));
        }
    }

    /** The weights and the gradients of a process, by network. */
    static final class OfNetworks implements ShardCluster.Weights, ShardCluster.Gradients {
        private final Networks networks;
        private final Map<Network, TrainedWeights> known = new EnumMap<>(Network.class);

        OfNetworks(Networks networks) {
            this.networks = networks;
        }

        private Learner learner(Network network) {
            return networks.learner(network).orElseThrow();
        }

        private TrainedWeights of(Network network) {
            return known.computeIfAbsent(network, each -> new TrainedWeights(learner(each)));
        }

        @Override
        public long version(Network network) {
            return learner(network).changes();
        }

        @Override
        public int trained(Network network) {
            return of(network).size();
        }

        @Override
        public byte[] read(Network network, int from, int count) {
            return of(network).read(learner(network).model().trainable().flat(), from, count);
        }

        @Override
        public void write(Network network, int from, byte[] values) {
            of(network).write(learner(network).gradient(0).flat(), from, values);
        }
    }
}
