package org.encore.preferences.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.store.ClipFile.Places;
import org.encore.preferences.store.Database.DamagedException;
import org.encore.preferences.store.PreferenceStore.Session;
import org.encore.preferences.store.PreferenceStore.StoredPair;
import org.encore.preferences.store.PreferenceStore.StoredVote;

/** Runs SQL statements on one connection; each is prepared once. */
final class Sql {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows of a query, in its order. */
    <T> List<T> list(String query, Row<T> row, Object... arguments) throws SQLException {
        PreparedStatement statement = prepared(query);
        bind(statement, arguments);
        try (ResultSet rows = statement.executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(read(row, rows));
            }
            return list;
        }
    }

    /** Values that make no vote, clip or session were not written by Encore. */
    private static <T> T read(Row<T> row, ResultSet rows) throws SQLException {
        try {
            return row.read(rows);
        } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DamagedException("row " + rows.getRow() + " of " + tables(rows) + ": " + e.getMessage(), e);
        }
    }

    private static String tables(ResultSet rows) throws SQLException {
        String name = rows.getMetaData().getTableName(1);
        return name == null || name.isEmpty() ? "a query" : name;
    }

    /** The only row of a query, if there is one. */
    <T> Optional<T> one(String query, Row<T> row, Object... arguments) throws SQLException {
        return list(query, row, arguments).stream().findFirst();
    }

    /** The number of a row, if there is one. */
    Optional<Long> id(String query, Object... arguments) throws SQLException {
        return one(query, row -> row.getLong(1), arguments);
    }

    /** Inserts a row; returns its number. */
    long insert(String statement, Object... arguments) throws SQLException {
        add(statement, arguments);
        return id("SELECT last_insert_rowid()").orElseThrow();
    }

    /** Inserts a row. */
    void add(String statement, Object... arguments) throws SQLException {
        PreparedStatement insertion = prepared(statement);
        bind(insertion, arguments);
        insertion.executeUpdate();
    }

    private PreparedStatement prepared(String text) throws SQLException {
        PreparedStatement known = prepared.get(text);
        if (known == null) {
            known = connection.prepareStatement(text);
            prepared.put(text, known);
        }
        return known;
    }

    /** Runs a statement without arguments and result. */
    void execute(String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    /** A number that may be absent. */
    static OptionalDouble number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }

    /** Conversion of rows to values and back. */
    static final class Rows {
        /** Of judgements, those that were not taken back. */
        static final String COUNTS = "judgements.id NOT IN (SELECT judgement_id FROM withdrawals)";

        static final String BEGINNING = "SELECT began_ms FROM beginnings WHERE rater_id = ? AND session_id = ?";

        private static final String CLIPS =
                "clip_a.path AS path_a, clip_a.sha256 AS sha256_a, clip_a.system AS system_a,"
                        + " clip_b.path AS path_b, clip_b.sha256 AS sha256_b, clip_b.system AS system_b";
        private static final String BOTH_CLIPS =
                " JOIN clips AS clip_a ON clip_a.id = pairs.clip_a JOIN clips AS clip_b ON clip_b.id = pairs.clip_b";

        /** Pairs with their clips. */
        static final String PAIRS = "SELECT pairs.id AS pair_id, prompt, " + CLIPS + " FROM pairs" + BOTH_CLIPS;

        /** Votes with their pairs, clips, raters and sessions. */
        static final String VOTES =
                "SELECT judgements.id AS judgement_id, ballot, preferred, listened_a_s, listened_b_s,"
                        + " shown_first, rating_a, rating_b, judged_ms, pairs.id AS pair_id, prompt, token_hash, sessions.name AS session, "
                        + CLIPS
                        + " FROM judgements JOIN pairs ON pairs.id = judgements.pair_id"
                        + " JOIN raters ON raters.id = judgements.rater_id JOIN sessions ON sessions.id = pairs.session_id"
                        + BOTH_CLIPS;

        private Rows() {}

        static Session session(ResultSet row) throws SQLException {
            return new Session(row.getLong("id"), text(row, "name"), Instant.ofEpochMilli(row.getLong("created_ms")));
        }

        static StoredPair pair(ResultSet row, Places places) throws SQLException {
            return new StoredPair(
                    row.getLong("pair_id"), text(row, "prompt"), clip(row, "a", places), clip(row, "b", places));
        }

        static StoredVote vote(ResultSet row, Places places) throws SQLException {
            long judged = row.getLong("judged_ms");
            Optional<Instant> time = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(judged));
            Vote vote = new Vote(
                    text(row, "prompt"),
                    side(row, "a", places),
                    side(row, "b", places),
                    preferred(row),
                    RaterKeys.pseudonym(text(row, "token_hash")),
                    time);
            return new StoredVote(
                    row.getLong("judgement_id"),
                    text(row, "ballot"),
                    row.getLong("pair_id"),
                    text(row, "session"),
                    Optional.ofNullable(row.getString("shown_first")).map(Rows::shown),
                    vote);
        }

        static Preference preferred(ResultSet row) throws SQLException {
            String key = row.getString("preferred");
            return Preference.of(String.valueOf(key))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "preferred is " + key + ", but must be one of " + Preference.keys()));
        }

        private static Ballot.Shown shown(String key) {
            return Arrays.stream(Ballot.Shown.values())
                    .filter(each -> key(each).equals(key))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("shown_first is \"" + key + "\", but must be a or b"));
        }

        private static String text(ResultSet row, String column) throws SQLException {
            String value = row.getString(column);
            if (value == null) {
                throw new IllegalArgumentException(column + " is NULL, but must be a text");
            }
            return value;
        }

        /** The value of the column {@code shown_first}. */
        static String key(Ballot.Shown shown) {
            return shown.name().toLowerCase(Locale.ROOT);
        }

        static Double orNull(OptionalDouble number) {
            return number.isPresent() ? number.getAsDouble() : null;
        }

        private static ClipFile clip(ResultSet row, String side, Places places) throws SQLException {
            String sha256 = text(row, "sha256_" + side);
            return new ClipFile(
                    places.path(text(row, "path_" + side)),
                    sha256.isEmpty() ? Optional.empty() : Optional.of(sha256),
                    text(row, "system_" + side));
        }

        private static RatedClip side(ResultSet row, String side, Places places) throws SQLException {
            return new RatedClip(
                    places.path(text(row, "path_" + side)),
                    text(row, "system_" + side),
                    Sql.number(row, "listened_" + side + "_s"),
                    Sql.number(row, "rating_" + side));
        }
    }
}
