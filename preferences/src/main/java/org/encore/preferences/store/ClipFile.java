package org.encore.preferences.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.encore.base.files.Manifest;

/**
 * A clip in the database.
 *
 * @param path file of the sound or the notes; stored relative to the database if possible, so that both can be moved
 *     together; empty for a clip without a file
 * @param sha256 SHA-256 of the file; empty if the file was missing
 * @param system system that made the clip, e.g. the name of a checkpoint, hidden from raters; empty if unknown
 */
public record ClipFile(Path path, Optional<String> sha256, String system) {
    public ClipFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(system, "system");
        sha256.ifPresent(ClipFile::requireDigest);
    }

    /** A clip with an existing file. */
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
     * Paths of clips in the database: relative to the directory of the database for clips below it, so that it can be
     * moved, and absolute otherwise.
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
