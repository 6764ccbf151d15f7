package org.encore.benchmarks;

/** What a measurement needs is not on the class path; the launcher puts it there. */
public final class MissingLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is missing, and which command brings it. */
    public MissingLibraryException(String library, String command) {
        super(library + " is not on the class path: start this with " + command);
    }
}
