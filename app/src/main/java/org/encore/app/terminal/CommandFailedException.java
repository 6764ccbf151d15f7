package org.encore.app.terminal;

/** Ends a command whose check failed or whose run diverged: exit status 1 and one line, no trace. */
public final class CommandFailedException extends RuntimeException {
    /** Takes the line that the user reads: what happened, the figures, what to do. */
    public CommandFailedException(String message) {
        super(message);
    }

    /** Takes the line that the user reads and what led to it. */
    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
