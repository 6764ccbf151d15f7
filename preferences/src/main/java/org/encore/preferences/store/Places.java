package org.encore.preferences.store;

import java.io.File;
import java.nio.file.Path;

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
