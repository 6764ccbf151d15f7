package org.encore.model.learning;

import java.nio.file.Path;
import java.util.Optional;

/** A training cannot continue because its numbers are no longer finite or no longer bounded. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the message is one line with the numbers. */
    public DivergedException(String message) {
        super(message);
    }

    /** Adds the step of the run and the last checkpoint. */
    public DivergedException at(long step, Optional<Path> lastCheckpoint) {
        String last =
                lastCheckpoint.map(path -> "the last checkpoint is " + path).orElse("there is no checkpoint yet");
        DivergedException placed = new DivergedException("step " + step + ": " + getMessage() + "; " + last);
        placed.initCause(this);
        return placed;
    }
}
