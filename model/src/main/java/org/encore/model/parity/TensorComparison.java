package org.encore.model.parity;

/**
 * One golden tensor against its recomputation.
 *
 * @param tensor name in the golden file
 * @param status result of the comparison
 * @param largestError largest absolute difference; of integers, the number of different entries; NaN if not covered
 * @param tolerance largest error that passes
 */
public record TensorComparison(String tensor, Status status, double largestError, double tolerance) {
    /** Of values. */
    public static final double TOLERANCE = 1e-4;
    /** Share of a gradient's largest entry. */
    public static final double GRADIENT_TOLERANCE = 1e-3;

    /** Result of a comparison. */
    public enum Status {
        PASSED,
        FAILED,
        /** An input of the comparison. */
        INPUT,
        NOT_COVERED
    }

    /** Of values: the largest absolute difference is at most {@link #TOLERANCE}. */
    static TensorComparison close(String tensor, float[] expected, float[] actual) {
        return of(tensor, largestDifference(expected, actual), TOLERANCE);
    }

    /** Of integers, which must be equal. */
    static TensorComparison exact(String tensor, int[] expected, int[] actual) {
        return of(tensor, differences(expected, actual), 0.0);
    }

    /** Of a gradient: the tolerance is {@link #GRADIENT_TOLERANCE} of its largest entry. */
    static TensorComparison gradient(String tensor, float[] expected, float[] actual) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return of(tensor, largestDifference(expected, actual), GRADIENT_TOLERANCE * largest);
    }

    static TensorComparison of(String tensor, double error, double tolerance) {
        // Written so that NaN fails.
        return new TensorComparison(tensor, error <= tolerance ? Status.PASSED : Status.FAILED, error, tolerance);
    }

    private static double largestDifference(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            return Double.NaN;
        }
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) expected[i] - actual[i]);
            largest =
                    difference >= largest ? difference : Double.isNaN(difference) ? Double.POSITIVE_INFINITY : largest;
        }
        return largest;
    }

    private static double differences(int[] expected, int[] actual) {
        if (expected.length != actual.length) {
            return Double.NaN;
        }
        int count = 0;
        for (int i = 0; i < expected.length; i++) {
            count += expected[i] == actual[i] ? 0 : 1;
        }
        return count;
    }

    static TensorComparison input(String tensor) {
        return new TensorComparison(tensor, Status.INPUT, Double.NaN, Double.NaN);
    }

    static TensorComparison notCovered(String tensor) {
        return new TensorComparison(tensor, Status.NOT_COVERED, Double.NaN, Double.NaN);
    }
}
