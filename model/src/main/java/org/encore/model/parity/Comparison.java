package org.encore.model.parity;

/**
 * One golden tensor against its recomputation.
 *
 * @param tensor name in the golden file
 * @param status what came out
 * @param largestError largest absolute difference; of integers, the number of different entries; NaN if not covered
 * @param tolerance largest error that passes
 */
public record Comparison(String tensor, Status status, double largestError, double tolerance) {
    /** What came out of a comparison. */
    public enum Status {
        PASSED,
        FAILED,
        /** An input of the comparison. */
        INPUT,
        NOT_COVERED
    }

    static Comparison of(String tensor, double error, double tolerance) {
        // Written so that NaN fails.
        return new Comparison(tensor, error <= tolerance ? Status.PASSED : Status.FAILED, error, tolerance);
    }

    static Comparison input(String tensor) {
        return new Comparison(tensor, Status.INPUT, Double.NaN, Double.NaN);
    }

    static Comparison notCovered(String tensor) {
        return new Comparison(tensor, Status.NOT_COVERED, Double.NaN, Double.NaN);
    }
}
