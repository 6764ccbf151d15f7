package org.encore.base.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes files and directories so that a reader sees the old or the new content, never a part of the new. */
public final class AtomicFiles {
    /** Names of {@link Files#createTempFile} and {@link Files#createTempDirectory}, which put digits between prefix and suffix. */
    private static final Pattern LEFTOVER = Pattern.compile("\\..+(?:\\d\\.tmp|\\.(?:tmp|old)\\d+)");

    private AtomicFiles() {}

    /** Something that writes bytes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Something that fills a directory. */
    @FunctionalInterface
    public interface DirectoryContent {
        void writeTo(Path directory) throws IOException;
    }

    /**
     * Whether a name is that of a file or directory that was being written, or moved away, when the process was killed.
     */
    public static boolean isLeftover(Path path) {
        return LEFTOVER.matcher(path.getFileName().toString()).matches();
    }

    /** Writes beside the target, syncs, and renames over it. */
    public static void write(Path target, Content content) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path temporary = Files.createTempFile(parent, "." + target.getFileName(), ".tmp", permissions("rw-rw-rw-"));
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                content.writeTo(out);
            }
            sync(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw naming(target, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(parent);
    }

    /** A failure that names the file: the system says of a full disk only that it is full. */
    public static IOException naming(Path file, IOException e) {
        String said = String.valueOf(e.getMessage());
        return said.contains(file.getFileName().toString()) || e instanceof CharacterCodingException
                ? e
                : new IOException(file + ": " + said, e);
    }

    /** Writes bytes atomically. */
    public static void write(Path target, byte[] bytes) throws IOException {
        write(target, out -> out.write(bytes));
    }

    /**
     * Fills a new directory beside the target, syncs every file, and renames it into place; an older directory of that
     * name is moved away first and deleted last.
     */
    public static void writeDirectory(Path target, DirectoryContent content) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path temporary =
                Files.createTempDirectory(parent, "." + target.getFileName() + ".tmp", permissions("rwxrwxrwx"));
        try {
            content.writeTo(temporary);
            for (Path file : walk(temporary)) {
                sync(file);
            }
            if (Files.exists(target)) {
                Path old = Files.createTempDirectory(parent, "." + target.getFileName() + ".old");
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                deleteRecursively(old);
            } else {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            // The temporary directory is gone by the time the message is read.
            String said = String.valueOf(e.getMessage()).replace(temporary.toString(), target.toString());
            throw naming(target, new IOException(said, e));
        } finally {
            deleteRecursively(temporary);
        }
        sync(parent);
    }

    /** Deletes a file or a directory with all it holds; absent is fine. */
    public static void deleteRecursively(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        for (Path each : walk(path).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
        }
    }

    /** The given permissions less the user's mask; temporary files would have the owner's alone. */
    private static FileAttribute<?>[] permissions(String most) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(most))}
                : new FileAttribute<?>[0];
    }

    private static List<Path> walk(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.toList();
        }
    }

    private static void sync(Path path) throws IOException {
        // Windows cannot open a directory; there the rename itself is journalled.
        if (Files.isDirectory(path) && System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
