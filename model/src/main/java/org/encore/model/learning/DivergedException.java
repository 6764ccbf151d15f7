package org.encore.model.learning;

import java.nio.file.Path;
import java.util.Optional;

/** A run cannot go on because what it learns from is no longer finite or no longer bounded. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says in one line what happened, with the figures. */
    public DivergedException(String message) {
        super(message);
    }

    /** Says where in a run it happened, and what there is to go back to. */
    public DivergedException at(long step, Optional<Path> lastCheckpoint) {
        String last =
                lastCheckpoint.map(path -> "the last checkpoint is " + path).orElse("there is no checkpoint yet");
        DivergedException placed = new DivergedException("step " + step + ": " + getMessage() + "; " + last);
        placed.initCause(this);
        return placed;
    }
}
