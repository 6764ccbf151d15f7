package org.encore.benchmarks.children;

import java.util.Locale;

/** A child could not do what it was asked. */
public final class ChildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChildFailedException(Side side, String what) {
        super("the process of " + side.name().toLowerCase(Locale.ROOT) + " " + what);
    }
}
