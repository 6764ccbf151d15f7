package org.encore.preferences.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.encore.music.files.InvalidFileException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** One connection to a SQLite file, used by one thread at a time. */
final class Database implements AutoCloseable {
    private static final int BUSY_TIMEOUT_MS = 30_000;

    private final Path file;
    private final Connection connection;
    private final Sql sql;
    private final ReentrantLock lock = new ReentrantLock();

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.sql = new Sql(connection);
    }

    /** Opens or creates the file and brings it to the newest schema. */
    static Database open(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw new NoSuchFileException(parent.toString());
        }
        try {
            Connection connection = config().createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try {
                Migrations.apply(connection, file);
                return new Database(file, connection);
            } catch (SQLException | IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /**
     * An acknowledged write must survive the loss of power: with a write-ahead log, only synchronous = FULL syncs the log
     * at every commit.
     */
    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.enforceForeignKeys(true);
        return config;
    }

    /** What is done with statements. */
    @FunctionalInterface
    interface Work<T> {
        T run(Sql sql) throws SQLException, IOException;
    }

    /** Reads. */
    <T> T read(Work<T> work) throws IOException {
        lock.lock();
        try {
            return work.run(sql);
        } catch (SQLException e) {
            throw failure(file, e);
        } finally {
            lock.unlock();
        }
    }

    /** Writes in a transaction of its own, or in that of the caller; nothing remains if it fails. */
    <T> T write(Work<T> work) throws IOException {
        return lock.isHeldByCurrentThread() ? read(work) : read(unused -> inTransaction(work));
    }

    private <T> T inTransaction(Work<T> work) throws SQLException, IOException {
        sql.execute("BEGIN IMMEDIATE");
        try {
            T result = work.run(sql);
            sql.execute("COMMIT");
            return result;
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /** SQLite may have rolled back by itself, e.g. when the disk is full; then this fails and only the cause counts. */
    private void rollBack(Exception cause) {
        try {
            sql.execute("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(file, e);
        } finally {
            lock.unlock();
        }
    }

    private static IOException failure(Path file, SQLException e) {
        if (e.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code
                || e.getErrorCode() == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            throw new InvalidFileException(
                    file, "is no database of judgements, or a damaged one: " + e.getMessage(), e);
        }
        return new IOException(file + ": " + e.getMessage(), e);
    }
}
