package org.encore.preferences.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.store.Database.Migrations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file itself guarantees, whichever program opens it: here one that knows nothing of Encore. */
final class SchemaTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void fill() throws IOException {
        file = directory.resolve("judgements.db");
        try (PreferenceStore store = PreferenceStore.openOrCreate(file, Clock.systemUTC())) {
            ClipFile a = new ClipFile(directory.resolve("a.mid"), Optional.empty(), "one");
            ClipFile b = new ClipFile(directory.resolve("b.mid"), Optional.empty(), "two");
            Ballot.Opinion opinion =
                    new Ballot.Opinion(Preference.A, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
            store.record(new Ballot(
                    "key",
                    store.pair(store.session("s"), "p", a, b).id(),
                    store.rater("r"),
                    opinion,
                    Optional.empty()));
            Ballot taken = new Ballot("taken back", 1, store.rater("r"), opinion, Optional.empty());
            store.withdraw(store.record(taken, "a comment").judgementId());
            store.begin(store.rater("r"), store.session("s"), Optional.of("a text"), Optional.of(true));
        }
    }

    @Test
    void aVoteThatWasTakenBackStaysAndCountsNoMore() throws IOException, SQLException {
        try (PreferenceStore store = PreferenceStore.open(file, Clock.systemUTC())) {
            assertEquals(1, store.size());
            assertEquals(
                    List.of("key"),
                    store.votes().stream()
                            .map(PreferenceStore.StoredVote::ballot)
                            .toList());
            assertEquals(Map.of(1L, 1), store.judgementCounts(store.session("s")));
            assertEquals(Map.of(2L, "a comment"), store.comments());
            assertEquals(2, store.ballots().size(), "an import does not bring it back");
            store.withdraw(2);
            store.withdraw(1);
            assertEquals(Map.of(), store.pairsJudgedBy(store.rater("r"), store.session("s")));
            assertTrue(store.hasBegun(store.rater("r"), store.session("s")));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement plain = connection.createStatement();
                ResultSet row = plain.executeQuery("SELECT count(*) FROM judgements")) {
            assertTrue(row.next());
            assertEquals(2, row.getInt(1));
        }
    }

    /** What another program has written into a database that it stripped of its rules. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PRAGMA user_version = -1 | has schema -1",
                "ALTER TABLE judgements RENAME COLUMN preferred TO other | has other tables",
                "UPDATE judgements SET preferred = 'c' | is damaged: row 1 of judgements: preferred is c",
                "UPDATE judgements SET shown_first = 'c' | is damaged: row 1 of judgements: ",
                "UPDATE judgements SET rating_a = 9 | is damaged: row 1 of judgements: ",
                "UPDATE raters SET token_hash = 'x' | is damaged: row 1 of judgements: ",
                "UPDATE clips SET path = char(0) | is damaged: row 1 of judgements: ",
                "UPDATE settings SET value = x'' | is damaged: the key for the names of raters is empty"
            })
    void damagedRowsAreNamed(String change, String problem) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String trigger : new String[] {"judgements_stay", "clips_stay", "raters_stay"}) {
                statement.execute("DROP TRIGGER " + trigger);
            }
            statement.execute("PRAGMA ignore_check_constraints = ON");
            statement.execute(change);
        }
        String said = assertThrows(InvalidFileException.class, () -> {
                    try (PreferenceStore store = PreferenceStore.open(file, Clock.systemUTC())) {
                        store.votes();
                    }
                })
                .getMessage();
        assertTrue(said.startsWith(file + ": " + problem), said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE judgements SET preferred = 'b'",
                "DELETE FROM judgements",
                "REPLACE INTO judgements (ballot, pair_id, rater_id, preferred, recorded_ms) VALUES ('key', 1, 1, 'b', 0)",
                "REPLACE INTO judgements (id, ballot, pair_id, rater_id, preferred, recorded_ms)"
                        + " VALUES (1, 'other', 1, 1, 'b', 0)",
                "UPDATE pairs SET clip_a = clip_b",
                "DELETE FROM pairs",
                "REPLACE INTO pairs (session_id, prompt, clip_a, clip_b) VALUES (1, 'p', 1, 2)",
                "UPDATE clips SET system = 'better'",
                "DELETE FROM clips",
                "REPLACE INTO clips (id, path, sha256, system) VALUES (1, 'x', '', '')",
                "UPDATE raters SET joined_ms = 0",
                "DELETE FROM raters",
                "REPLACE INTO raters (token_hash, joined_ms) SELECT token_hash, 0 FROM raters",
                "UPDATE sessions SET name = 'x'",
                "DELETE FROM sessions",
                "REPLACE INTO sessions (name, created_ms) VALUES ('s', 0)",
                "DELETE FROM withdrawals",
                "UPDATE withdrawals SET withdrawn_ms = 1",
                "DELETE FROM comments",
                "UPDATE comments SET text = 'x'",
                "REPLACE INTO comments VALUES (2, 'x')",
                "UPDATE beginnings SET consent = 'x'",
                "DELETE FROM beginnings",
                "REPLACE INTO beginnings VALUES (1, 1, 0, 'x', 1)"
            })
    void nothingIsChangedOrDeleted(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement plain = connection.createStatement()) {
            SQLException thrown = assertThrows(SQLException.class, () -> plain.executeUpdate(statement));
            assertTrue(thrown.getMessage().contains(" are never "), thrown.getMessage());
            try (ResultSet row =
                    plain.executeQuery("SELECT preferred, system FROM judgements JOIN pairs ON pairs.id = pair_id"
                            + " JOIN clips ON clips.id = clip_a")) {
                assertTrue(row.next());
                assertEquals("a", row.getString(1));
                assertEquals("one", row.getString(2));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO judgements (ballot, pair_id, rater_id, preferred, recorded_ms) VALUES ('x', 1, 1, 'c', 0)",
                "INSERT INTO judgements (ballot, pair_id, rater_id, preferred, listened_a_s, recorded_ms)"
                        + " VALUES ('x', 1, 1, 'a', -1.0, 0)",
                "INSERT INTO judgements (ballot, pair_id, rater_id, preferred, rating_b, recorded_ms)"
                        + " VALUES ('x', 1, 1, 'a', 6, 0)"
            })
    void impossibleOpinionsAreRefused(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement plain = connection.createStatement()) {
            SQLException thrown = assertThrows(SQLException.class, () -> plain.executeUpdate(statement));
            assertTrue(thrown.getMessage().contains("CHECK constraint failed"), thrown.getMessage());
        }
    }

    @Test
    void acknowledgedVotesAreSyncedToTheDisk() throws SQLException, IOException {
        try (Database database = Database.open(file)) {
            assertEquals(Optional.of("wal"), database.read(sql -> sql.one("PRAGMA journal_mode", r -> r.getString(1))));
            assertEquals(Optional.of(2), database.read(sql -> sql.one("PRAGMA synchronous", r -> r.getInt(1))));
        }
    }

    @Test
    void newerAndForeignDatabasesAreRefused() throws SQLException, IOException {
        Path foreign = directory.resolve("foreign.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement plain = connection.createStatement()) {
            plain.executeUpdate("CREATE TABLE songs (name TEXT)");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement plain = connection.createStatement()) {
            plain.executeUpdate("PRAGMA user_version = 99");
        }
        assertEquals(
                foreign + ": is another kind of database, but must be one of votes; name another file",
                assertThrows(InvalidFileException.class, () -> Database.open(foreign))
                        .getMessage());
        assertEquals(
                file + ": has schema 99, but this Encore knows schemas up to " + Migrations.newest()
                        + ": use a newer one",
                assertThrows(InvalidFileException.class, () -> Database.open(file))
                        .getMessage());
    }

    /** A database as the first release made it: it opens, keeps its votes, and takes ratings. */
    @Test
    void aDatabaseWithoutRatingsIsBroughtUpToDate() throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement plain = connection.createStatement()) {
            for (String table : List.of("withdrawals", "comments", "beginnings")) {
                plain.executeUpdate("DROP TABLE " + table);
            }
            plain.executeUpdate("ALTER TABLE judgements DROP COLUMN rating_a");
            plain.executeUpdate("ALTER TABLE judgements DROP COLUMN rating_b");
            plain.executeUpdate("PRAGMA user_version = 1");
        }
        try (PreferenceStore store = PreferenceStore.open(file, Clock.systemUTC())) {
            PreferenceStore.StoredVote old = store.votes().get(0);
            assertEquals(OptionalDouble.empty(), old.vote().a().rating());
            Ballot.Opinion rated = new Ballot.Opinion(
                    Preference.B,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    OptionalDouble.of(2),
                    OptionalDouble.of(4.5));
            store.record(new Ballot("new", old.pairId(), store.rater("r"), rated, Optional.empty()));
            assertEquals(
                    OptionalDouble.of(4.5),
                    store.votes().get(store.size() - 1).vote().b().rating());
        }
    }
}
