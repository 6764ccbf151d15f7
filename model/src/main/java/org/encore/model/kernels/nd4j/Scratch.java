package org.encore.model.kernels.nd4j;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays for intermediate results: one for each purpose and shape, kept until closed. */
final class Scratch {
    private record Key(String purpose, int rows, int columns) {}

    private final DataType type;
    private final Map<Key, NdTensor> arrays = new HashMap<>();
    private final Map<Integer, NdTensor> ones = new HashMap<>();

    Scratch(DataType type) {
        this.type = type;
    }

    DataType type() {
        return type;
    }

    /** A contiguous tensor with undefined content. */
    NdTensor tensor(String purpose, int rows, int columns) {
        return arrays.computeIfAbsent(new Key(purpose, rows, columns), key -> zeros(rows, columns));
    }

    /** Elements held. */
    long elements() {
        return Stream.concat(arrays.values().stream(), ones.values().stream())
                .mapToLong(NdTensor::size)
                .sum();
    }

    /** A row of ones, for sums over columns as a product. */
    INDArray ones(int columns) {
        return ones.computeIfAbsent(columns, n -> {
                    NdTensor row = zeros(1, n);
                    row.matrix().assign(1.0);
                    return row;
                })
                .matrix();
    }

    /** A score mask {@code [1, 1, steps, steps]}: 0 up to the diagonal, very negative after it. */
    INDArray causalMask(int steps) {
        NdTensor mask = arrays.computeIfAbsent(new Key("causal", steps, steps), key -> {
            NdTensor made = zeros(steps, steps);
            double[] values = new double[steps * steps];
            for (int i = 0; i < steps; i++) {
                for (int j = i + 1; j < steps; j++) {
                    values[i * steps + j] = PortableAttention.HIDDEN;
                }
            }
            try (INDArray host = Nd4j.createFromArray(values)) {
                made.vector().assign(host);
            }
            return made;
        });
        return mask.shaped(1, 1, steps, steps);
    }

    private NdTensor zeros(int rows, int columns) {
        INDArray array = Nd4j.create(type, (long) rows * columns);
        return new NdTensor(array.data(), 0, rows, columns, columns);
    }

    void close() {
        arrays.values().forEach(tensor -> tensor.vector().data().close());
        ones.values().forEach(tensor -> tensor.vector().data().close());
        arrays.clear();
        ones.clear();
    }
}
