package org.encore.model.kernels.nd4j;

import java.util.Arrays;
import org.encore.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies and adds rows by their numbers, piece by piece between rows that are none. */
final class PortableRowMoves {
    private PortableRowMoves() {}

    /** {@code y[i, :] = x[rows[i], :]}, or 0. */
    static void gather(int[] rows, NdTensor x, NdTensor y) {
        int first = 0;
        while (first < rows.length) {
            int end = end(rows, first);
            INDArray target = y.view(first, 0, end - first, y.columns()).matrix();
            if (rows[first] == Kernels.NO_ROW) {
                target.assign(0.0);
            } else {
                try (INDArray numbers = Nd4j.createFromArray(Arrays.copyOfRange(rows, first, end))) {
                    NdOps.gather(x.matrix(), numbers, target);
                }
            }
            first = end;
        }
    }

    /** {@code y[rows[i], :] += x[i, :]}. */
    static void scatter(int[] rows, NdTensor x, NdTensor y) {
        int first = 0;
        while (first < rows.length) {
            int end = end(rows, first);
            if (rows[first] != Kernels.NO_ROW) {
                try (INDArray numbers = Nd4j.createFromArray(Arrays.copyOfRange(rows, first, end))) {
                    INDArray source = x.view(first, 0, end - first, x.columns()).matrix();
                    NdOps.scatterAdd(y.matrix(), numbers, source);
                }
            }
            first = end;
        }
    }

    /** The end of the piece that begins at an index: all rows, or all none. */
    private static int end(int[] rows, int first) {
        boolean none = rows[first] == Kernels.NO_ROW;
        int end = first + 1;
        while (end < rows.length && (rows[end] == Kernels.NO_ROW) == none) {
            end++;
        }
        return end;
    }
}
