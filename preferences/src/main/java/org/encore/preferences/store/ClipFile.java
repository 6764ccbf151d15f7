package org.encore.preferences.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.encore.base.files.Manifest;

/**
 * A clip as the database knows it.
 *
 * @param path where the sound or the notes lie; the database keeps it relative to itself where it can, so that both can
 *     be moved together; empty for a clip that nobody has
 * @param sha256 of the file's bytes; empty if the file was not there
 * @param system who made the clip, e.g. the name of a checkpoint; never shown to raters; empty if unknown
 */
public record ClipFile(Path path, Optional<String> sha256, String system) {
    public ClipFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(system, "system");
        sha256.ifPresent(ClipFile::requireDigest);
    }

    /** A clip whose file is there. */
    public static ClipFile of(Path file, String system) throws IOException {
        return new ClipFile(file, Optional.of(Manifest.sha256(file)), system);
    }

    private static void requireDigest(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 is " + sha256 + ", but must be 64 lower-case hexadecimal digits");
        }
    }

    /**
     * Where clips lie, as the database has it: relative to its own directory where they lie below it, so that a directory can
     * be moved, and absolute otherwise.
     *
     * @param root the directory of the database, absolute
     */
    record Places(Path root) {
        static Places beside(Path database) {
            return new Places(database.toAbsolutePath().normalize().getParent());
        }

        String stored(Path clip) {
            if (clip.toString().isEmpty()) {
                return "";
            }
            Path absolute = clip.toAbsolutePath().normalize();
            return absolute.startsWith(root)
                    ? root.relativize(absolute).toString().replace(File.separatorChar, '/')
                    : absolute.toString();
        }

        Path path(String stored) {
            return stored.isEmpty() ? Path.of("") : root.resolve(stored);
        }
    }
}
