package org.encore.preferences.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.store.Ballot.Receipt;
import org.encore.preferences.store.ClipFile.Places;
import org.encore.preferences.store.Database.DamagedException;
import org.encore.preferences.store.Sql.Rows;

/**
 * The database of votes.
 *
 * <p>Thread-safe, and safe for several processes: writers take turns, and one that has waited for half a minute gets an
 * {@link IOException}. Methods that add something return after it is on disk, except inside {@link #inOneTransaction},
 * which is on disk as a whole when it returns.
 */
public final class PreferenceStore implements AutoCloseable {
    private final Database database;
    private final Places places;
    private final Clock clock;
    private final RaterKeys raterKeys;

    private PreferenceStore(Database database, Path file, Clock clock) throws IOException {
        this.database = database;
        this.places = Places.beside(file);
        this.clock = clock;
        this.raterKeys = new RaterKeys(database.write(PreferenceStore::raterKey));
    }

    /**
     * Opens a database, and creates it if there is no such file.
     *
     * @throws InvalidFileException if the file is something else, or was written by a newer Encore
     */
    public static PreferenceStore openOrCreate(Path file, Clock clock) throws IOException {
        Database database = Database.open(file);
        try {
            return new PreferenceStore(database, file, clock);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Opens an existing database.
     *
     * @throws NoSuchFileException if it does not exist
     * @throws InvalidFileException if the file is something else, or was written by a newer Encore
     */
    public static PreferenceStore open(Path file, Clock clock) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return openOrCreate(file, clock);
    }

    /** Several additions that are atomic together. */
    @FunctionalInterface
    public interface Additions {
        void run() throws IOException;
    }

    /** Runs several additions in one transaction: much faster than one by one, and rolled back if one fails. */
    public void inOneTransaction(Additions additions) throws IOException {
        database.write(sql -> {
            additions.run();
            return true;
        });
    }

    /** The session of a name, created if it is new. */
    public Session session(String name) throws IOException {
        return database.write(sql -> {
            if (sql.id("SELECT id FROM sessions WHERE name = ?", name).isEmpty()) {
                sql.insert("INSERT INTO sessions (name, created_ms) VALUES (?, ?)", name, clock.millis());
            }
            return sql.one("SELECT id, name, created_ms FROM sessions WHERE name = ?", Rows::session, name)
                    .orElseThrow();
        });
    }

    /** All sessions, in the order in which they were created. */
    public List<Session> sessions() throws IOException {
        return database.read(sql -> sql.list("SELECT id, name, created_ms FROM sessions ORDER BY id", Rows::session));
    }

    /** The number of the rater with a token, created if new; the token itself is not stored. */
    public long rater(String token) throws IOException {
        String hash = raterKeys.hash(token);
        return database.write(sql -> {
            Optional<Long> known = sql.id("SELECT id FROM raters WHERE token_hash = ?", hash);
            return known.isPresent()
                    ? known.get()
                    : sql.insert("INSERT INTO raters (token_hash, joined_ms) VALUES (?, ?)", hash, clock.millis());
        });
    }

    /** The number of the rater with a token, if there is one. */
    public Optional<Long> knownRater(String token) throws IOException {
        String hash = raterKeys.hash(token);
        return database.read(sql -> sql.id("SELECT id FROM raters WHERE token_hash = ?", hash));
    }

    /** The pseudonym of the rater with a token in votes and exports, whether or not the rater exists. */
    public String pseudonym(String token) {
        return RaterKeys.pseudonym(raterKeys.hash(token));
    }

    /** The pair of two clips in a session, created if new; the same clips with the same prompt are the same pair. */
    public StoredPair pair(Session session, String prompt, ClipFile a, ClipFile b) throws IOException {
        long id = database.write(sql -> {
            long clipA = clip(sql, a);
            long clipB = clip(sql, b);
            Optional<Long> known = sql.id(
                    "SELECT id FROM pairs WHERE session_id = ? AND prompt = ? AND clip_a = ? AND clip_b = ?",
                    session.id(),
                    prompt,
                    clipA,
                    clipB);
            return known.isPresent()
                    ? known.get()
                    : sql.insert(
                            "INSERT INTO pairs (session_id, prompt, clip_a, clip_b) VALUES (?, ?, ?, ?)",
                            session.id(),
                            prompt,
                            clipA,
                            clipB);
        });
        return new StoredPair(id, prompt, a, b);
    }

    /** The pairs of a session, in the order in which they were created. */
    public List<StoredPair> pairs(Session session) throws IOException {
        return database.read(sql ->
                sql.list(Rows.PAIRS + " WHERE pairs.session_id = ? ORDER BY pairs.id", this::pair, session.id()));
    }

    /** One pair by its number. */
    public Optional<StoredPair> pair(long id) throws IOException {
        return database.read(sql -> sql.one(Rows.PAIRS + " WHERE pairs.id = ?", this::pair, id));
    }

    /** Number of votes on each pair of a session, by its number, pairs without votes included. */
    public Map<Long, Integer> judgementCounts(Session session) throws IOException {
        Map<Long, Integer> counts = new LinkedHashMap<>();
        database.read(sql -> sql.list(
                "SELECT pairs.id, count(judgements.id) FROM pairs LEFT JOIN judgements ON judgements.pair_id = pairs.id"
                        + " AND " + Rows.COUNTS
                        + " WHERE pairs.session_id = ? GROUP BY pairs.id ORDER BY pairs.id",
                row -> counts.put(row.getLong(1), row.getInt(2)),
                session.id()));
        return counts;
    }

    /** The pairs of a session that a rater has judged or skipped, by their numbers, in the order of the votes. */
    public Map<Long, Preference> pairsJudgedBy(long raterId, Session session) throws IOException {
        Map<Long, Preference> judged = new LinkedHashMap<>();
        database.read(sql -> sql.list(
                "SELECT pair_id, preferred FROM judgements JOIN pairs ON pairs.id = pair_id"
                        + " WHERE rater_id = ? AND session_id = ? AND " + Rows.COUNTS + " ORDER BY judgements.id",
                row -> judged.put(row.getLong("pair_id"), Rows.preferred(row)),
                raterId,
                session.id()));
        return judged;
    }

    /**
     * Takes a vote back: it stays in the database, and counts no more. A second time changes nothing.
     *
     * @param judgementId number of the vote
     */
    public void withdraw(long judgementId) throws IOException {
        database.write(sql -> {
            sql.add("INSERT OR IGNORE INTO withdrawals VALUES (?, ?)", judgementId, clock.millis());
            return true;
        });
    }

    /** What raters wrote beside their votes, by the number of the vote. */
    public Map<Long, String> comments() throws IOException {
        Map<Long, String> comments = new LinkedHashMap<>();
        database.read(sql -> sql.list(
                "SELECT judgement_id, text FROM comments ORDER BY judgement_id",
                row -> comments.put(row.getLong(1), row.getString(2))));
        return comments;
    }

    /**
     * Records that a rater began a session; a second time changes nothing.
     *
     * @param consent the text that they consented to, if there was one
     * @param headphones whether they passed the check of headphones, if there was one
     */
    public void begin(long raterId, Session session, Optional<String> consent, Optional<Boolean> headphones)
            throws IOException {
        database.write(sql -> {
            if (sql.id(Rows.BEGINNING, raterId, session.id()).isEmpty()) {
                sql.add(
                        "INSERT INTO beginnings VALUES (?, ?, ?, ?, ?)",
                        raterId,
                        session.id(),
                        clock.millis(),
                        consent.orElse(null),
                        headphones.map(passed -> passed ? 1 : 0).orElse(null));
            }
            return true;
        });
    }

    /** Who passed the check of headphones of a session, by the rater's name in votes; who had none is left out. */
    public Map<String, Boolean> headphones(Session session) throws IOException {
        Map<String, Boolean> passed = new LinkedHashMap<>();
        database.read(sql -> sql.list(
                "SELECT token_hash, headphones FROM beginnings JOIN raters ON raters.id = rater_id"
                        + " WHERE session_id = ? AND headphones IS NOT NULL ORDER BY rater_id",
                row -> passed.put(RaterKeys.pseudonym(row.getString(1)), row.getInt(2) == 1),
                session.id()));
        return passed;
    }

    /** Whether a rater began a session. */
    public boolean hasBegun(long raterId, Session session) throws IOException {
        return database.read(sql -> sql.id(Rows.BEGINNING, raterId, session.id()))
                .isPresent();
    }

    /**
     * Records a vote permanently.
     *
     * @return the acknowledgement; a ballot of a known key adds nothing
     * @throws IllegalArgumentException if the pair or the rater is unknown, or the key belongs to another vote
     */
    public Receipt record(Ballot ballot) throws IOException {
        return record(ballot, "");
    }

    /**
     * Records a vote and what its rater wrote beside it.
     *
     * @param comment at most 1000 characters; empty if there is none
     */
    public Receipt record(Ballot ballot, String comment) throws IOException {
        return database.write(sql -> {
            Optional<Receipt> earlier = Judgements.earlier(sql, ballot);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            Receipt receipt = new Receipt(Judgements.insert(sql, ballot, clock.millis()), false);
            if (!comment.isEmpty()) {
                sql.add("INSERT INTO comments VALUES (?, ?)", receipt.judgementId(), comment);
            }
            return receipt;
        });
    }

    /**
     * Records a vote whose key is known to be new, for imports of many; inside {@link #inOneTransaction}.
     *
     * @throws IOException if the key is not new, or the pair or the rater is unknown; the transaction then fails
     */
    public void recordNew(Ballot ballot, String comment) throws IOException {
        database.write(sql -> {
            if (comment.isEmpty()) {
                sql.add(Judgements.INSERTION, Judgements.values(ballot, clock.millis()));
            } else {
                sql.add(
                        "INSERT INTO comments VALUES (?, ?)",
                        sql.insert(Judgements.INSERTION, Judgements.values(ballot, clock.millis())),
                        comment);
            }
            return true;
        });
    }

    /** The keys of all ballots. */
    public Set<String> ballots() throws IOException {
        return new HashSet<>(database.read(sql -> sql.list("SELECT ballot FROM judgements", row -> row.getString(1))));
    }

    /** Number of votes that were not taken back. */
    public int size() throws IOException {
        return database.read(
                        sql -> sql.one("SELECT count(*) FROM judgements WHERE " + Rows.COUNTS, row -> row.getInt(1)))
                .orElseThrow();
    }

    /** All votes that were not taken back, in the order in which they were recorded. */
    public List<StoredVote> votes() throws IOException {
        return database.read(sql -> sql.list(
                Rows.VOTES + " WHERE " + Rows.COUNTS + " ORDER BY judgements.id", row -> Rows.vote(row, places)));
    }

    @Override
    public void close() throws IOException {
        database.close();
    }

    private StoredPair pair(ResultSet row) throws SQLException {
        return Rows.pair(row, places);
    }

    private long clip(Sql sql, ClipFile clip) throws SQLException {
        Object[] key = {places.stored(clip.path()), clip.sha256().orElse(""), clip.system()};
        Optional<Long> known = sql.id("SELECT id FROM clips WHERE path = ? AND sha256 = ? AND system = ?", key);
        return known.isPresent()
                ? known.get()
                : sql.insert("INSERT INTO clips (path, sha256, system) VALUES (?, ?, ?)", key);
    }

    private static byte[] raterKey(Sql sql) throws SQLException {
        Optional<byte[]> known = sql.one("SELECT value FROM settings WHERE name = 'rater_key'", row -> {
            byte[] value = row.getBytes(1);
            return value == null ? new byte[0] : value;
        });
        if (known.isPresent()) {
            if (known.get().length == 0) {
                throw new DamagedException("the key for the names of raters is empty", null);
            }
            return known.get();
        }
        byte[] fresh = RaterKeys.freshKey();
        sql.insert("INSERT INTO settings (name, value) VALUES ('rater_key', ?)", (Object) fresh);
        return fresh;
    }

    /**
     * One listening test or import, to which pairs belong.
     *
     * @param id its number in the database
     * @param name its name, different from all others
     * @param created time of its creation
     */
    public record Session(long id, String name, Instant created) {}

    /**
     * Two clips to be compared.
     *
     * @param id its number in the database
     * @param prompt prompt of both clips; empty if there is none
     * @param a one clip
     * @param b the other
     */
    public record StoredPair(long id, String prompt, ClipFile a, ClipFile b) {}

    /**
     * A vote with its data in the database.
     *
     * @param judgementId its number; votes are numbered in the order of recording
     * @param ballot key of its ballot
     * @param pairId the pair's number
     * @param session name of the session the pair belongs to
     * @param shownFirst which clip was shown first, if known
     * @param vote the vote
     */
    public record StoredVote(
            long judgementId,
            String ballot,
            long pairId,
            String session,
            Optional<Ballot.Shown> shownFirst,
            Vote vote) {}
}
