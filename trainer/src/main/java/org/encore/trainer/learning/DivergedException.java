package org.encore.trainer.learning;

/** A run cannot go on because what it learns from is no longer finite or no longer bounded. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says in one line what happened, with the figures. */
    public DivergedException(String message) {
        super(message);
    }
}
