package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;

/** Copies and adds rows by their numbers: the two sides of a convolution as a product. */
public final class RowMoves {
    private RowMoves() {}

    /** {@code y[i, :] = x[rows[i], :]}, or 0. Rows that follow each other in both tensors are copied at once. */
    public static void gather(int[] rows, SimdTensor x, SimdTensor y) {
        Floats source = x.floats();
        Floats target = y.floats();
        int columns = y.columns();
        boolean joined = x.isContiguous() && y.isContiguous();
        int i = 0;
        while (i < rows.length) {
            int run = 1;
            if (rows[i] == Kernels.NO_ROW) {
                zero(target, i * y.stride(), columns);
            } else {
                while (joined && i + run < rows.length && rows[i + run] == rows[i] + run) {
                    run++;
                }
                copy(source, rows[i] * x.stride(), target, i * y.stride(), run * columns);
            }
            i += run;
        }
    }

    private static void copy(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, x.load(from + i));
        }
        for (; i < count; i++) {
            y.set(to + i, x.get(from + i));
        }
    }

    private static void zero(Floats y, int to, int count) {
        for (int i = 0; i < count; i++) {
            y.set(to + i, 0f);
        }
    }

    /** {@code y[rows[i], :] += x[i, :]}. */
    public static void scatter(int[] rows, SimdTensor x, SimdTensor y) {
        Floats source = x.floats();
        Floats target = y.floats();
        boolean joined = x.isContiguous() && y.isContiguous();
        int columns = x.columns();
        int i = 0;
        while (i < rows.length) {
            int run = 1;
            if (rows[i] != Kernels.NO_ROW) {
                while (joined && i + run < rows.length && rows[i + run] == rows[i] + run) {
                    run++;
                }
                add(source, i * x.stride(), target, rows[i] * y.stride(), run * columns);
            }
            i += run;
        }
    }

    private static void add(Floats x, int from, Floats y, int to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            y.store(to + i, y.load(to + i).add(x.load(from + i)));
        }
        for (; i < count; i++) {
            y.set(to + i, y.get(to + i) + x.get(from + i));
        }
    }
}
