package org.encore.preferences;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * One clip of a pair, and how long the rater heard it.
 *
 * @param clip the file; empty where only the system is known
 * @param system who made the clip, e.g. the name of a checkpoint; empty if unknown
 * @param listenedSeconds how long the rater listened, all plays together; empty if nobody measured it
 */
public record Side(Path clip, String system, OptionalDouble listenedSeconds) {
    public Side {
        Objects.requireNonNull(clip, "clip");
        Objects.requireNonNull(system, "system");
        requireDuration(listenedSeconds);
    }

    /** A clip of an unknown maker that nobody timed. */
    public static Side of(Path clip) {
        return new Side(clip, "", OptionalDouble.empty());
    }

    /** The name by which statistics tell clips apart: the file, or the system where there is none. */
    public String item() {
        return clip.toString().isEmpty() ? system : clip.toString();
    }

    /**
     * Checks a time of listening.
     *
     * @throws IllegalArgumentException if it is negative, infinite or not a number
     */
    public static void requireDuration(OptionalDouble listenedSeconds) {
        double seconds = listenedSeconds.orElse(0.0);
        if (!(seconds >= 0.0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(
                    "listened for " + seconds + " s, but must be a finite number of seconds, at least 0");
        }
    }
}
