package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;

/** Opened kernels with tensors for one test; closing checks that nothing was written outside of a strided tensor. */
final class Workbench implements AutoCloseable {
    private static final double UNTOUCHED = -777.0;

    private record Frame(Tensor whole, int rows, int columns) {}

    private final Kernels kernels;
    private final double tolerance;
    private final RandomGenerator random = new RandomStreams(7).stream(RandomStreams.Purpose.NOISE);
    private final List<Frame> frames = new ArrayList<>();

    Workbench(Kernels kernels, double tolerance) {
        this.kernels = kernels;
        this.tolerance = tolerance;
    }

    Kernels kernels() {
        return kernels;
    }

    double tolerance() {
        return tolerance;
    }

    RandomGenerator randomness() {
        return random;
    }

    Matrix random(int rows, int columns) {
        return Matrix.random(random, rows, columns);
    }

    /** A contiguous tensor. */
    Tensor tensor(Matrix content) {
        Tensor tensor = kernels.allocate(content.rows, content.columns);
        kernels.write(tensor, content.values);
        return tensor;
    }

    Tensor zeros(int rows, int columns) {
        return kernels.allocate(rows, columns);
    }

    /** A tensor cut out of the middle of a larger one. */
    Tensor strided(Matrix content) {
        Tensor whole = kernels.allocate(content.rows + 2, content.columns + 5);
        kernels.fill(whole, UNTOUCHED);
        frames.add(new Frame(whole, content.rows, content.columns));
        Tensor tensor = whole.view(1, 2, content.rows, content.columns);
        kernels.write(tensor, content.values);
        return tensor;
    }

    Matrix read(Tensor tensor) {
        return Matrix.of(tensor.rows(), tensor.columns(), kernels.readDoubles(tensor));
    }

    void assertClose(Matrix expected, Tensor actual, String what) {
        assertClose(expected, read(actual), tolerance, what);
    }

    static void assertClose(Matrix expected, Matrix actual, double tolerance, String what) {
        assertEquals(expected.rows, actual.rows, what + ": rows");
        assertEquals(expected.columns, actual.columns, what + ": columns");
        for (int i = 0; i < expected.values.length; i++) {
            int row = i / expected.columns;
            int column = i % expected.columns;
            assertEquals(
                    expected.values[i],
                    actual.values[i],
                    tolerance,
                    () -> what + " [" + expected.rows + ", " + expected.columns + "] at " + row + ", " + column);
        }
    }

    @Override
    public void close() {
        for (Frame frame : frames) {
            Matrix whole = read(frame.whole());
            for (int i = 0; i < whole.rows; i++) {
                for (int j = 0; j < whole.columns; j++) {
                    boolean inside = i >= 1 && i <= frame.rows() && j >= 2 && j < 2 + frame.columns();
                    if (!inside) {
                        assertEquals(UNTOUCHED, whole.at(i, j), 0.0, "written beside a tensor at " + i + ", " + j);
                    }
                }
            }
        }
        kernels.close();
    }
}
