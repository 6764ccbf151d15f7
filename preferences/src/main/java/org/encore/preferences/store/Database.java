package org.encore.preferences.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.encore.base.files.InvalidFileException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** One connection to a SQLite file, used by one thread at a time. */
final class Database implements AutoCloseable {
    private static final int BUSY_TIMEOUT_MS = 30_000;

    /** At most; an import of 300,000 votes in one transaction stays in memory until its commit. */
    private static final int CACHE_KIB = 256 * 1024;

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
     * Settings of the connection. An acknowledged write must survive a loss of power: with a write-ahead log, only
     * synchronous = FULL syncs the log at every commit.
     */
    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setCacheSize(-CACHE_KIB);
        // Else the driver asks for them after each insertion.
        config.setGetGeneratedKeys(false);
        config.enforceForeignKeys(true);
        return config;
    }

    /** Work on the connection. */
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
        } catch (DamagedException e) {
            throw new InvalidFileException(file, "is damaged: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** A value that no version of Encore writes: another program has changed the database. */
    static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedException(String problem, Throwable cause) {
            super(problem, cause);
        }
    }

    /** Writes in a new transaction, or in that of the caller; rolls back on failure. */
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

    /** Rolls back. SQLite may have done so itself, e.g. on a full disk; then only the cause is reported. */
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
            throw new InvalidFileException(file, "is not a database of votes, or is damaged: " + e.getMessage(), e);
        }
        if (e.getErrorCode() == SQLiteErrorCode.SQLITE_ERROR.code) {
            // The statements are right for the schema: it is another one than the file claims.
            throw new InvalidFileException(
                    file, "has other tables than a database of votes, or is damaged: " + e.getMessage(), e);
        }
        return new IOException(file + ": " + e.getMessage(), e);
    }

    /** The schema of the database, as a list of migrations. */
    static final class Migrations {
        /** Marks a SQLite file as ours, in its header: "EnPr" in ASCII. */
        private static final int APPLICATION_ID = 0x456E5072;

        /** Step n leads from version n - 1 to version n. */
        private static final List<String> STEPS = List.of("001-judgements.sql", "002-ratings.sql", "003-listeners.sql");

        private Migrations() {}

        /** The newest version. */
        static int newest() {
            return STEPS.size();
        }

        /**
         * Brings a database to the newest version; a new file gets the whole schema.
         *
         * @throws InvalidFileException if the file holds something else, or was written by a newer program
         */
        static void apply(Connection connection, Path file) throws SQLException, IOException {
            try (Statement statement = connection.createStatement()) {
                // Takes the write lock first, so that two processes that open a new file do not both create the schema.
                statement.execute("BEGIN IMMEDIATE");
                try {
                    int version = requireOurs(statement, file);
                    for (int step = version; step < STEPS.size(); step++) {
                        statement.executeUpdate(text(STEPS.get(step)));
                    }
                    statement.execute("PRAGMA application_id = " + APPLICATION_ID);
                    statement.execute("PRAGMA user_version = " + STEPS.size());
                    statement.execute("COMMIT");
                } catch (SQLException | IOException | RuntimeException e) {
                    statement.execute("ROLLBACK");
                    throw e;
                }
            }
        }

        private static int requireOurs(Statement statement, Path file) throws SQLException {
            int application = number(statement, "PRAGMA application_id");
            int version = number(statement, "PRAGMA user_version");
            boolean fresh = number(statement, "SELECT count(*) FROM sqlite_master") == 0;
            if (!fresh && application != APPLICATION_ID) {
                throw new InvalidFileException(
                        file, "is another kind of database, but must be one of votes; name another file");
            }
            if (version > STEPS.size()) {
                throw new InvalidFileException(
                        file,
                        "has schema " + version + ", but this Encore knows schemas up to " + STEPS.size()
                                + ": use a newer one");
            }
            if (!fresh && version < 1) {
                throw new InvalidFileException(file, "has schema " + version + ", which no Encore has written");
            }
            return fresh ? 0 : version;
        }

        private static int number(Statement statement, String query) throws SQLException {
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getInt(1);
            }
        }

        private static String text(String step) throws IOException {
            try (InputStream in = Migrations.class.getResourceAsStream(step)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
