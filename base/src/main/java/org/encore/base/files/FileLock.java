package org.encore.base.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process from what one process has for itself, until it closes the lock or ends in any way.
 *
 * <p>The file of the lock stays: who deleted it could not know whether another process had opened it meanwhile.
 */
public final class FileLock implements AutoCloseable {
    private final FileChannel channel;

    private FileLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes a lock.
     *
     * @param file the file of the lock, created if there is none
     * @param subject what is locked, for the message
     * @param advice completes the message: what to do if another process has it
     * @throws InvalidFileException if another process, or another part of this one, has it
     */
    public static FileLock take(Path file, Path subject, String advice) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            throw new InvalidFileException(subject, "is in use by this process: " + advice, e);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new InvalidFileException(subject, "is in use by another process: " + advice);
        }
        return new FileLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
