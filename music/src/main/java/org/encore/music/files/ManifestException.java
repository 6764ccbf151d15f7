package org.encore.music.files;

import java.io.IOException;
import java.nio.file.Path;

/** Tells why a directory with a {@link Manifest} cannot be used: it is corrupt, too new or too old. */
public abstract sealed class ManifestException extends IOException {
    private ManifestException(Path directory, String problem, Throwable cause) {
        super(directory + ": " + problem, cause);
    }

    /** A file is missing, has another length or another content than when the manifest was written. */
    public static final class Corrupt extends ManifestException {
        Corrupt(Path directory, String problem, Throwable cause) {
            super(directory, "is corrupt: " + problem, cause);
        }

        Corrupt(Path directory, String problem) {
            this(directory, problem, null);
        }
    }

    /** A later Encore wrote the directory. */
    public static final class TooNew extends ManifestException {
        TooNew(Path directory, long version, int newest) {
            super(
                    directory,
                    "has format " + version + ", but this Encore reads formats up to " + newest + ": use a newer one",
                    null);
        }
    }

    /** An earlier Encore wrote the directory, in a format that is no longer read. */
    public static final class TooOld extends ManifestException {
        TooOld(Path directory, long version, int oldest) {
            super(
                    directory,
                    "has format " + version + ", but this Encore reads formats from " + oldest
                            + " on: use the Encore that wrote it",
                    null);
        }
    }
}
