package org.encore.preferences.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.encore.music.files.InvalidFileException;

/** The schema of the database, as the steps that lead to it. */
final class Migrations {
    /** Marks a SQLite file as ours, in its header: "EnPr" in ASCII. */
    private static final int APPLICATION_ID = 0x456E5072;

    /** Step n leads from version n - 1 to version n. */
    private static final List<String> STEPS = List.of("001-judgements.sql");

    private Migrations() {}

    /** The version that this program writes. */
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
            // Takes the lock of the writer first, so that two programs that open a new file do not both build it.
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
                    file, "is a database of something else, but must be one of judgements; name another file");
        }
        if (version > STEPS.size()) {
            throw new InvalidFileException(
                    file,
                    "has schema " + version + ", but this Encore knows schemas up to " + STEPS.size()
                            + ": use a newer one");
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
