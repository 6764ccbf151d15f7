package org.encore.benchmarks.comparison;

/** The two sides do not compute the same, so that their speed says nothing. */
public final class DisagreementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DisagreementException(String message) {
        super(message);
    }
}
